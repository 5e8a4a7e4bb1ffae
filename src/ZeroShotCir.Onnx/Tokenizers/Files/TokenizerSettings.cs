using System.Globalization;
using System.Text.Json;
using ZeroShotCir.Onnx.Json;
using ZeroShotCir.Onnx.Tokenizers.Models;

namespace ZeroShotCir.Onnx.Tokenizers.Files;

/// <summary>
/// What a folder says about its tokenizer beside the vocabulary: <c>tokenizer_config.json</c> (<c>tokenizer_class</c>,
/// <c>model_max_length</c>, how to clean text, and the special tokens),
/// <c>special_tokens_map.json</c> where the former lacks a token, and the positions a model has by <c>config.json</c>.
/// </summary>
internal sealed record TokenizerSettings
{
    /// <summary>The longest sequence that any model may take.</summary>
    public const int Longest = 1 << 16;

    public string ClassName { get; init; } = "";

    public int? MaxLength { get; init; }

    public bool? LowerCase { get; init; }

    public string? End { get; init; }

    public string? Unknown { get; init; }

    public string? Pad { get; init; }

    public string? Class { get; init; }

    public string? Separator { get; init; }

    public bool? AddsStart { get; init; }

    public bool? AddsEnd { get; init; }

    public bool? StripsAccents { get; init; }

    public bool? SeparatesIdeographs { get; init; }

    /// <summary>How the tokenizer is used.</summary>
    public TokenizerUse Use { get; init; } = TokenizerUse.Default;

    /// <summary>The added tokens that <c>tokenizer_config.json</c> lists; empty where it lists none.</summary>
    public IReadOnlyList<AddedToken> AddedTokens { get; init; } = [];

    public static TokenizerSettings Read(string folder, TokenizerUse use)
    {
        TokenizerSettings settings = new() { Use = use };
        foreach (string file in (string[])["special_tokens_map.json", "tokenizer_config.json"])
        {
            string path = Path.Combine(folder, file);
            settings = File.Exists(path) ? TokenizerFile.ReadJson(path, settings.With) : settings;
        }

        return settings with { MaxLength = use.MaxLength ?? (use.UsualLength is { } usual ? Math.Min(usual, settings.MaxLength ?? usual) : settings.LengthWith(folder)) };
    }

    /// <summary>The id that OpenCLIP replaces by 0, where it does.</summary>
    public int? BlankedId(Vocabulary vocabulary) =>
        Use.OpenClip is { BlanksSeparator: true } && vocabulary.TryGetId(Separator, out int separator) ? separator : null;

    /// <summary>The own limit, or that of the model where it is less.</summary>
    private int? LengthWith(string folder)
    {
        string config = Path.Combine(folder, "config.json");
        int? positions = File.Exists(config) ? TokenizerFile.ReadJson(config, Positions) : null;
        return MaxLength is { } own && positions is { } most ? Math.Min(own, most) : MaxLength ?? positions;
    }

    private static int? Positions(JsonElement config)
    {
        foreach (string part in (string[])["text_config", "text_cfg", "decoder", "text_model"])
        {
            if (config.Optional(part) is { ValueKind: JsonValueKind.Object } inner)
            {
                config = inner;
                break;
            }
        }

        return Length(config, "max_position_embeddings") ?? Length(config, "context_length") ?? Length(config, "n_positions");
    }

    /// <summary>A length; the huge numbers that stand for "no limit" in published files are none.</summary>
    public static int? Length(JsonElement element, string name) =>
        element.Optional(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out double value) && value is >= 2 and <= Longest
            ? (int)value
            : null;

    private TokenizerSettings With(JsonElement file) => this with
    {
        ClassName = file.Text("tokenizer_class", ClassName),
        MaxLength = Length(file, "model_max_length") ?? MaxLength,
        LowerCase = file.Optional("do_lower_case")?.GetBoolean() ?? LowerCase,
        AddsStart = file.Optional("add_bos_token")?.GetBoolean() ?? AddsStart,
        AddsEnd = file.Optional("add_eos_token")?.GetBoolean() ?? AddsEnd,
        StripsAccents = file.Optional("strip_accents")?.GetBoolean() ?? StripsAccents,
        SeparatesIdeographs = file.Optional("tokenize_chinese_chars")?.GetBoolean() ?? SeparatesIdeographs,
        End = Token(file, "eos_token") ?? End,
        Unknown = Token(file, "unk_token") ?? Unknown,
        Pad = Token(file, "pad_token") ?? Pad,
        Class = Token(file, "cls_token") ?? Class,
        Separator = Token(file, "sep_token") ?? Separator,
        AddedTokens = file.Optional("added_tokens_decoder") is { ValueKind: JsonValueKind.Object } added ? [.. added.EnumerateObject().Select(ReadAdded)] : AddedTokens,
    };

    private static AddedToken ReadAdded(JsonProperty token) => new(
        token.Value.Required("content").GetString()!, int.Parse(token.Name, NumberStyles.None, CultureInfo.InvariantCulture), token.Value.Flag("special"),
        token.Value.Flag("normalized"), token.Value.Flag("single_word"), token.Value.Flag("lstrip"), token.Value.Flag("rstrip"));

    /// <summary>A special token is a text or an object with the text as its content.</summary>
    private static string? Token(JsonElement file, string name) =>
        file.Optional(name) is { } token ? token.ValueKind == JsonValueKind.Object ? token.Text("content") : token.GetString() : null;
}
