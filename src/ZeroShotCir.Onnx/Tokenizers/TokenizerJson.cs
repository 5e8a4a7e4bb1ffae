using System.Text.Json;
using System.Text.RegularExpressions;

namespace ZeroShotCir.Onnx.Tokenizers;

/// <summary>Reads Hugging Face's <c>tokenizer.json</c>. What it holds and this reader does not know is refused, never ignored.</summary>
internal static class TokenizerJson
{
    private const string ClipPattern = @"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+";

    public static ITokenizer Read(JsonElement root, TokenizerSettings settings)
    {
        JsonElement model = root.Required("model");
        if (model.Text("type", "BPE") == "BPE" && model.Text("end_of_word_suffix") == "</w>")
        {
            return ReadClip(root, model, settings);
        }

        return TokenizerPipeline.Read(root, model, settings);
    }

    private static ClipTokenizer ReadClip(JsonElement root, JsonElement model, TokenizerSettings settings)
    {
        Vocabulary vocabulary = BytePairFiles.ReadVocabulary(model.Required("vocab"));
        BytePairMerges merges = BytePairFiles.ReadMerges(model.Required("merges"), vocabulary);
        AddedToken[] added = ReadAddedTokens(root, vocabulary);
        RequireClipSteps(root);
        JsonElement post = root.Required("post_processor");
        int start = post.Required("cls")[1].GetInt32();
        int end = post.Required("sep")[1].GetInt32();
        int pad = vocabulary.TryGetId(settings.Pad, out int id) ? id : end;
        added = [.. added.Select(token => token.Normalized ? token with { Content = LowerCase.Of(token.Content) } : token)];
        return new ClipTokenizer(vocabulary, merges, ClipTextStyle.HuggingFace, added, start, end, pad, settings.MaxLength ?? 77);
    }

    /// <summary>Reads the added tokens and gives the vocabulary their ids.</summary>
    public static AddedToken[] ReadAddedTokens(JsonElement root, Vocabulary vocabulary)
    {
        List<AddedToken> tokens = [];
        foreach (JsonElement token in root.Optional("added_tokens") is { } list ? [.. list.EnumerateArray()] : Array.Empty<JsonElement>())
        {
            AddedToken added = new(
                token.Required("content").GetString()!, token.Required("id").GetInt32(), token.Flag("special"), token.Flag("normalized", true),
                token.Flag("single_word"), token.Flag("lstrip"), token.Flag("rstrip"));
            vocabulary.Add(added.Content, added.Id);
            tokens.Add(added);
        }

        return [.. tokens];
    }

    private static void RequireClipSteps(JsonElement root)
    {
        string[] normalizers = [.. Steps(root, "normalizer", "normalizers").Select(step => step.Text("type"))];
        string[] splitters = [.. Steps(root, "pre_tokenizer", "pretokenizers").Select(step => step.Text("type"))];
        string pattern = Steps(root, "pre_tokenizer", "pretokenizers").FirstOrDefault().Optional("pattern")?.Text("Regex") ?? "";
        if (normalizers is not ["NFC", "Replace", "Lowercase"] || splitters is not ["Split", "ByteLevel"]
            || !pattern.EndsWith(ClipPattern, StringComparison.Ordinal))
        {
            throw new InvalidDataException(
                $"its steps [{string.Join(", ", normalizers.Concat(splitters))}] are not those of CLIP: NFC, Replace, Lowercase, Split by CLIP's pattern, ByteLevel");
        }
    }

    /// <summary>The steps of a stage, whether it is one step, a sequence of them (or of sequences), or absent.</summary>
    public static JsonElement[] Steps(JsonElement root, string name, string inner) =>
        root.Optional(name) is { } stage ? [.. Steps(stage, inner)] : [];

    /// <summary>The pattern of a step: a literal text or a regular expression, which may not take longer than five seconds.</summary>
    public static Regex Pattern(JsonElement pattern)
    {
        string expression = pattern.Optional("String")?.GetString() is { } literal ? Regex.Escape(literal) : pattern.Text("Regex");
        return expression.Length > 0
            ? new Regex(expression, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5))
            : throw new InvalidDataException($"its pattern {pattern} is neither a 'String' nor a 'Regex'");
    }

    private static IEnumerable<JsonElement> Steps(JsonElement step, string inner) =>
        step.Text("type") == "Sequence" ? step.Required(inner).EnumerateArray().SelectMany(part => Steps(part, inner)) : [step];
}
