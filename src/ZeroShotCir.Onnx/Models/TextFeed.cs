using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Tokenizers;
using ZeroShotCir.Onnx.Tokenizers.Files;
using ZeroShotCir.Onnx.Tokenizers.Text;

namespace ZeroShotCir.Onnx.Models;

/// <summary>How texts become the ids that a text graph takes.</summary>
/// <param name="Folder">The folder of the tokenizer.</param>
/// <param name="Tokenizer">The tokenizer.</param>
/// <param name="ContextLength">The most ids.</param>
/// <param name="PadId">What fills texts up to the context length; <see langword="null"/> to encode each at its own length.</param>
internal sealed record TextFeed(string Folder, ITokenizer Tokenizer, int ContextLength, int? PadId)
{
    private const int ShortestContext = 2;

    /// <summary>What the tokenizer is told that no tokenizer file says.</summary>
    public TokenizerUse Use { get; init; } = TokenizerUse.Default;

    /// <summary>How texts are cleaned before they are tokenized.</summary>
    public TextCleaning Cleaning => Tokenizer switch
    {
        PipelineTokenizer words => words.Cleaning,
        ClipTokenizer clip => clip.Cleaning,
        _ => TextCleaning.None,
    };

    /// <summary>
    /// Loads the tokenizer of a text graph. The context length is that of the graph where its axis is fixed, else that of the
    /// configuration, else that of the family or of the tokenizer, whichever is less. Texts are padded with what the family
    /// wants or else the tokenizer's program pads with.
    /// </summary>
    /// <param name="folder">The folder of the tokenizer.</param>
    /// <param name="graph">The text graph.</param>
    /// <param name="use">How the tokenizer is used; its lengths are those of the configuration and of the family.</param>
    /// <param name="padsToContext">Whether texts are filled up where the graph does not want it.</param>
    /// <param name="padId">What fills them, where the family says so.</param>
    /// <exception cref="InvalidModelException">The tokenizer cannot be used, or the graph takes too many ids.</exception>
    public static TextFeed Open(string folder, EncoderGraph graph, TokenizerUse use, bool padsToContext, int? padId)
    {
        if (graph.FixedLength is { } length)
        {
            use = length is >= ShortestContext and <= TokenizerSettings.Longest
                ? use with { MaxLength = length }
                : throw new InvalidModelException(
                    $"The graph '{graph.File.Path}' takes texts of {length} ids; from {ShortestContext} to {TokenizerSettings.Longest} are supported.");
            padsToContext = true;
        }

        ITokenizer tokenizer = TokenizerFolder.Load(folder, use);
        return new TextFeed(folder, tokenizer, tokenizer.MaxLength, padsToContext ? padId ?? tokenizer.PadId : null) { Use = use };
    }

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
