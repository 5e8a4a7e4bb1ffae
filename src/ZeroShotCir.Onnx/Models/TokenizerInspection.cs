namespace ZeroShotCir.Onnx.Models;

/// <summary>The tokenizer of a model folder and how its ids are handed to the text graph.</summary>
public sealed class TokenizerInspection
{
    internal TokenizerInspection(string kind, int vocabularySize, int contextLength, int? padId)
    {
        Kind = kind;
        VocabularySize = vocabularySize;
        ContextLength = contextLength;
        PadId = padId;
    }

    /// <summary>The kind of tokenizer: <c>CLIP</c>, <c>WordPiece</c>, <c>Unigram</c> or <c>BPE</c>.</summary>
    public string Kind { get; }

    /// <summary>The number of ids.</summary>
    public int VocabularySize { get; }

    /// <summary>How many ids the text graph takes at most.</summary>
    public int ContextLength { get; }

    /// <summary>The id that fills texts up to the context length; <see langword="null"/> where texts are encoded at their own length.</summary>
    public int? PadId { get; }
}
