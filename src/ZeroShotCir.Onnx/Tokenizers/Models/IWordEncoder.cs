namespace ZeroShotCir.Onnx.Tokenizers.Models;

/// <summary>Turns one word, or one stretch of text that is not split, into ids.</summary>
/// <remarks>Implementations serve concurrent callers.</remarks>
internal interface IWordEncoder
{
    /// <summary>Writes the ids of a word.</summary>
    void Encode(scoped ReadOnlySpan<char> word, ref TokenWriter writer);
}
