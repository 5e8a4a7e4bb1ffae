namespace ZeroShotCir.Onnx.Tokenizers;

/// <summary>Turns text into the ids that a model's text graph takes, and ids back into text.</summary>
/// <remarks>Implementations are immutable to the caller and serve concurrent callers.</remarks>
public interface ITokenizer
{
    /// <summary>The number of ids: every id is at least 0 and less than this.</summary>
    int VocabularySize { get; }

    /// <summary>The longest sequence that the model takes, special tokens included.</summary>
    int MaxLength { get; }

    /// <summary>The id that fills a sequence up to the length the model asks for.</summary>
    int PadId { get; }

    /// <summary>Encodes one text.</summary>
    /// <param name="text">The text; it may be empty. A lone surrogate counts as U+FFFD.</param>
    /// <param name="ids">
    /// Receives the ids, special tokens included, without padding. At most the smaller of its length and
    /// <see cref="MaxLength"/> is written; a longer text is cut and keeps its end token.
    /// </param>
    /// <param name="truncated">Whether the text was cut.</param>
    /// <returns>The number of ids written.</returns>
    int Encode(ReadOnlySpan<char> text, Span<int> ids, out bool truncated);

    /// <summary>Turns ids back into text, without special tokens and without blanks at the ends.</summary>
    /// <param name="ids">The ids.</param>
    /// <returns>The text. What encoding lost (case, spacing) does not come back.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An id is negative or not less than <see cref="VocabularySize"/>.</exception>
    string Decode(ReadOnlySpan<int> ids);
}
