using System.Text.Json;
using ZeroShotCir.Onnx.Json;

namespace ZeroShotCir.Onnx.Tokenizers.Text;

/// <summary>What OpenCLIP's configuration says about texts (<c>text_cfg</c>).</summary>
internal sealed record OpenClipText
{
    private static readonly string[] Known = ["clean", "strip_sep_token"];

    /// <summary>Whether a tokenizer of Hugging Face's is named; without one it is OpenCLIP's own.</summary>
    public bool NamesTokenizer { get; private init; }

    /// <summary>How texts are cleaned, where it is not the default of the tokenizer.</summary>
    public TextCleaning? Cleaning { get; private init; }

    /// <summary>Whether the separator that ends a text is replaced by 0.</summary>
    public bool BlanksSeparator { get; private init; }

    /// <summary>Reads the settings of a model configuration (that which holds <c>embed_dim</c>).</summary>
    /// <param name="model">The configuration.</param>
    /// <exception cref="InvalidDataException">It asks for what is not supported.</exception>
    public static OpenClipText Read(JsonElement model)
    {
        if (model.Optional("text_cfg") is not { ValueKind: JsonValueKind.Object } text)
        {
            return new OpenClipText();
        }

        bool isNamed = text.Optional("hf_tokenizer_name") is not null;
        JsonElement? use = text.Optional("tokenizer_kwargs");
        foreach (JsonProperty setting in use is { ValueKind: JsonValueKind.Object } settings ? settings.EnumerateObject().ToArray() : [])
        {
            if (!Known.Contains(setting.Name) && setting.Value is not { ValueKind: JsonValueKind.Null or JsonValueKind.False } && setting.Value.ToString().Length > 0)
            {
                throw new InvalidDataException(
                    $"its text_cfg.tokenizer_kwargs sets '{setting.Name}' to '{setting.Value}', which is not supported; supported are {string.Join(" and ", Known)}");
            }
        }

        return new OpenClipText
        {
            NamesTokenizer = isNamed,
            Cleaning = use?.Optional("clean") is { } clean ? ReadCleaning(clean.ToString(), isNamed) : null,
            BlanksSeparator = use?.Flag("strip_sep_token") ?? false,
        };
    }

    private static TextCleaning ReadCleaning(string name, bool isNamed) => name switch
    {
        "whitespace" when isNamed => TextCleaning.Whitespace,
        "lower" => TextCleaning.Lower,
        "canonicalize" => TextCleaning.Canonicalize,
        _ => throw new InvalidDataException(
            $"its text_cfg.tokenizer_kwargs.clean is '{name}'; supported are lower, canonicalize and, with an hf_tokenizer_name, whitespace"),
    };
}
