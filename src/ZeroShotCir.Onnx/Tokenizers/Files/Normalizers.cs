using System.Text;
using System.Text.Json;
using ZeroShotCir.Onnx.Json;
using ZeroShotCir.Onnx.Tokenizers.Text;
using ZeroShotCir.Text;

namespace ZeroShotCir.Onnx.Tokenizers.Files;

/// <summary>Reads the <c>normalizer</c> of a <c>tokenizer.json</c>: what happens to text before it is split into words.</summary>
internal static class Normalizers
{
    /// <summary>How many characters one may become; the most that published files make of one are 18.</summary>
    private const int MostGrowth = 256;

    private const string Supported = "BertNormalizer, Lowercase, NFC, NFD, Precompiled, Prepend, Replace, Strip and StripAccents";

    /// <summary>A step: takes a text and the most characters that it may make of it.</summary>
    private delegate string Step(string text, int longest);

    /// <summary>Reads the steps.</summary>
    /// <returns>What does them one after another; it throws <see cref="InvalidDataException"/> when a text grows beyond measure.</returns>
    public static Func<string, string> Read(JsonElement root)
    {
        Step[] steps = [.. TokenizerJson.Steps(root, "normalizer", "normalizers").Select(ReadStep)];
        return steps.Length == 0 ? text => text : text =>
        {
            int longest = (int)Math.Min(MostGrowth + (MostGrowth * (long)text.Length), int.MaxValue / 2);
            foreach (Step step in steps)
            {
                text = step(text, longest);
                ThrowIfTooLong(text.Length, longest);
            }

            return text;
        };
    }

    private static Step ReadStep(JsonElement step) => step.Text("type") switch
    {
        "BertNormalizer" => Plain(new BertText(
            step.Flag("lowercase", true),
            step.Optional("strip_accents")?.GetBoolean(),
            step.Flag("handle_chinese_chars", true),
            step.Flag("clean_text", true)).Normalize),
        "Lowercase" => Plain(LowerCase.ConvertEach),
        "NFC" => Plain(CanonicalForm.Compose),
        "NFD" => Plain(CanonicalForm.Decompose),
        "StripAccents" => Plain(BertText.WithoutMarks),
        "Strip" => Plain(Strip(step.Flag("strip_left"), step.Flag("strip_right"))),
        "Replace" => Replace(step.Required("pattern"), step.Text("content")),
        "Prepend" => Plain(Prepend(step.Text("prepend"))),
        "Precompiled" => Precompiled(step.Text("precompiled_charsmap")),
        string other => throw new InvalidDataException($"its normalizer '{other}' is not supported; supported are {Supported}"),
    };

    private static Step Plain(Func<string, string> step) => (text, _) => step(text);

    private static Func<string, string> Strip(bool left, bool right) => text => right ? (left ? text.Trim() : text.TrimEnd()) : left ? text.TrimStart() : text;

    private static Func<string, string> Prepend(string prefix) => text => text.Length == 0 ? text : prefix + text;

    private static Step Replace(JsonElement pattern, string content)
    {
        if (pattern.Optional("String")?.GetString() is { Length: > 0 } literal)
        {
            return (text, longest) =>
            {
                int count = content.Length > literal.Length ? text.AsSpan().Count(literal) : 0;
                ThrowIfTooLong(text.Length + ((long)count * (content.Length - literal.Length)), longest);
                return text.Replace(literal, content, StringComparison.Ordinal);
            };
        }

        TextPattern matches = TextPattern.Read(pattern);
        return (text, longest) =>
        {
            StringBuilder? replaced = null;
            int done = 0;
            foreach ((int start, int end) in matches.Find(text))
            {
                replaced ??= new StringBuilder(text.Length);
                replaced.Append(text, done, start - done).Append(content);
                done = end;
                ThrowIfTooLong(replaced.Length, longest);
            }

            return replaced?.Append(text, done, text.Length - done).ToString() ?? text;
        };
    }

    /// <summary>An empty map is one that changes nothing; published files have it.</summary>
    private static Step Precompiled(string map)
    {
        if (map.Length == 0)
        {
            return Plain(text => text);
        }

        PrecompiledMap characters = new(Convert.FromBase64String(map));
        return characters.Apply;
    }

    private static void ThrowIfTooLong(long length, int longest)
    {
        if (length > longest)
        {
            throw new InvalidDataException($"its normalizer makes more than {longest} characters of a text");
        }
    }
}
