using ZeroShotCir.Onnx.Tokenizers.Text;

namespace ZeroShotCir.Onnx.Tokenizers.Files;

/// <summary>How the program around a tokenizer uses it: what no tokenizer file says.</summary>
internal sealed record TokenizerUse
{
    /// <summary>The use where nothing but the files is known.</summary>
    public static TokenizerUse Default { get; } = new();

    /// <summary>The longest sequence that the model takes, where that is known.</summary>
    public int? MaxLength { get; init; }

    /// <summary>The longest sequence where nothing but the family is known: the tokenizer's own limit counts if it is less.</summary>
    public int? UsualLength { get; init; }

    /// <summary>OpenCLIP's use, where the model is of its format.</summary>
    public OpenClipText? OpenClip { get; init; }

    /// <summary>Whether the model is a SigLIP, trained on lower case: a tokenizer that keeps capitals (SigLIP 2's Gemma) is given lower case.</summary>
    public bool IsSiglip { get; init; }

    /// <summary>Whether a tokenizer that keeps capitals is given texts as they are.</summary>
    public bool KeepsCase { get; init; }

    /// <summary>How CLIP's own tokenizer is used.</summary>
    public ClipTextStyle ClipStyle => OpenClip switch
    {
        null => ClipTextStyle.HuggingFace,
        { NamesTokenizer: true } named => ClipTextStyle.HuggingFace with { Cleaning = named.Cleaning ?? TextCleaning.Whitespace },
        { } own => ClipTextStyle.OpenClip with { Cleaning = own.Cleaning ?? TextCleaning.Lower },
    };

    /// <summary>How texts are cleaned before any other tokenizer sees them.</summary>
    public TextCleaning CleaningFor(TokenizerSettings settings) => OpenClip switch
    {
        { NamesTokenizer: true } named => named.Cleaning ?? TextCleaning.Whitespace,
        null when IsSiglip && !KeepsCase && (settings.ClassName.Length == 0 || settings.ClassName.StartsWith("Gemma", StringComparison.Ordinal)) => TextCleaning.LowerCase,

        // A tokenizer that the configuration does not name, as M-CLIP's, is another program's.
        _ => TextCleaning.None,
    };
}
