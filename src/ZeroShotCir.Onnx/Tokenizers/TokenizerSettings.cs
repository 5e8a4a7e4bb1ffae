using System.Text.Json;

namespace ZeroShotCir.Onnx.Tokenizers;

/// <summary>
/// What a folder says about its tokenizer beside the vocabulary: <c>tokenizer_config.json</c> (<c>tokenizer_class</c>,
/// <c>model_max_length</c>, how to clean text, and the special tokens),
/// <c>special_tokens_map.json</c> where the former lacks a token, and the positions a model has by <c>config.json</c>.
/// </summary>
internal sealed record TokenizerSettings
{
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

    public static TokenizerSettings Read(string folder, int? maxLength)
    {
        TokenizerSettings settings = new();
        foreach (string file in (string[])["special_tokens_map.json", "tokenizer_config.json"])
        {
            string path = Path.Combine(folder, file);
            settings = File.Exists(path) ? TokenizerFile.ReadJson(path, settings.With) : settings;
        }

        string config = Path.Combine(folder, "config.json");
        int? positions = File.Exists(config) ? TokenizerFile.ReadJson(config, Positions) : null;
        int? length = settings.MaxLength is { } own && positions is { } most ? Math.Min(own, most) : settings.MaxLength ?? positions;
        return settings with { MaxLength = maxLength ?? length };
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
    private static int? Length(JsonElement element, string name) =>
        element.Optional(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out double value) && value is >= 1 and < 1 << 20
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
    };

    /// <summary>A special token is a text or an object with the text as its content.</summary>
    private static string? Token(JsonElement file, string name) =>
        file.Optional(name) is { } token ? token.ValueKind == JsonValueKind.Object ? token.Text("content") : token.GetString() : null;
}
