using ZeroShotCir.Onnx.Tokenizers;

namespace ZeroShotCir.Onnx.Models;

/// <summary>How texts become the ids that a text graph takes.</summary>
/// <param name="Tokenizer">The tokenizer.</param>
/// <param name="ContextLength">The most ids.</param>
/// <param name="PadId">What fills texts up to the context length; <see langword="null"/> to encode each at its own length.</param>
internal sealed record TextFeed(ITokenizer Tokenizer, int ContextLength, int? PadId)
{
    /// <summary>Writes the ids of a text, padded where the model wants it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="ids">At least <see cref="ContextLength"/> long.</param>
    /// <param name="tokens">How many of the ids are not padding.</param>
    /// <param name="truncated">Whether the text was cut.</param>
    /// <returns>The number of ids written.</returns>
    public int Encode(string text, Span<int> ids, out int tokens, out bool truncated)
    {
        ids = ids[..ContextLength];
        tokens = Tokenizer.Encode(text, ids, out truncated);
        if (PadId is not { } pad)
        {
            return tokens;
        }

        ids[tokens..].Fill(pad);
        return ContextLength;
    }
}
