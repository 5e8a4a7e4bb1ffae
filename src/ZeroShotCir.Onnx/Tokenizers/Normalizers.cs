using System.Text.Json;
using System.Text.RegularExpressions;
using ZeroShotCir.Text;

namespace ZeroShotCir.Onnx.Tokenizers;

/// <summary>Reads the <c>normalizer</c> of a <c>tokenizer.json</c>: what happens to text before it is split into words.</summary>
internal static class Normalizers
{
    private const string Supported = "BertNormalizer, Lowercase, NFC, NFD, Precompiled, Prepend, Replace, Strip and StripAccents";

    public static Func<string, string> Read(JsonElement root)
    {
        Func<string, string>[] steps = [.. TokenizerJson.Steps(root, "normalizer", "normalizers").Select(ReadStep)];
        return text => steps.Aggregate(text, (current, step) => step(current));
    }

    private static Func<string, string> ReadStep(JsonElement step) => step.Text("type") switch
    {
        "BertNormalizer" => new BertText(step.Flag("lowercase", true), step.Optional("strip_accents")?.GetBoolean(), step.Flag("handle_chinese_chars", true), step.Flag("clean_text", true)).Normalize,
        "Lowercase" => LowerCase.OfEach,
        "NFC" => CanonicalForm.Compose,
        "NFD" => CanonicalForm.Decompose,
        "StripAccents" => BertText.WithoutMarks,
        "Strip" => Strip(step.Flag("strip_left"), step.Flag("strip_right")),
        "Replace" => Replace(step.Required("pattern"), step.Text("content")),
        "Prepend" => Prepend(step.Text("prepend")),
        "Precompiled" => Precompiled(step.Text("precompiled_charsmap")),
        string other => throw new InvalidDataException($"its normalizer '{other}' is not supported; supported are {Supported}"),
    };

    private static Func<string, string> Strip(bool left, bool right) => text => right ? (left ? text.Trim() : text.TrimEnd()) : left ? text.TrimStart() : text;

    private static Func<string, string> Prepend(string prefix) => text => text.Length == 0 ? text : prefix + text;

    private static Func<string, string> Replace(JsonElement pattern, string content)
    {
        if (pattern.Optional("String")?.GetString() is { Length: > 0 } literal)
        {
            return text => text.Replace(literal, content, StringComparison.Ordinal);
        }

        Regex regex = TokenizerJson.Pattern(pattern);
        string replacement = content.Replace("$", "$$", StringComparison.Ordinal);
        return text => regex.Replace(text, replacement);
    }

    /// <summary>An empty map is one that changes nothing; published files have it.</summary>
    private static Func<string, string> Precompiled(string map) => map.Length == 0 ? text => text : new PrecompiledMap(Convert.FromBase64String(map)).Apply;
}
