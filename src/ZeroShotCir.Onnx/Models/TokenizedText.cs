namespace ZeroShotCir.Onnx.Models;

/// <summary>A text as the text graph receives it.</summary>
public sealed class TokenizedText
{
    internal TokenizedText(IReadOnlyList<int> ids, int tokens, bool truncated)
    {
        Ids = ids;
        Tokens = tokens;
        IsTruncated = truncated;
    }

    /// <summary>The ids, special tokens and padding included.</summary>
    public IReadOnlyList<int> Ids { get; }

    /// <summary>How many of them are not padding.</summary>
    public int Tokens { get; }

    /// <summary>Whether the text was longer than the model reads and was cut.</summary>
    public bool IsTruncated { get; }
}
