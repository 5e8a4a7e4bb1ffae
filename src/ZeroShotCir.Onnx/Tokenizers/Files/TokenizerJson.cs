using System.Text.Json;
using ZeroShotCir.Onnx.Json;
using ZeroShotCir.Onnx.Tokenizers.Models;
using ZeroShotCir.Onnx.Tokenizers.Text;

namespace ZeroShotCir.Onnx.Tokenizers.Files;

/// <summary>Reads Hugging Face's <c>tokenizer.json</c>. What it holds and this reader does not know is refused, never ignored.</summary>
internal static class TokenizerJson
{
    private const string ClipPattern = @"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+";

    public static ITokenizer Read(JsonElement root, TokenizerSettings settings, string path)
    {
        JsonElement model = root.Required("model");
        if (model.Text("type", "BPE") == "BPE" && model.Text("end_of_word_suffix") == "</w>")
        {
            return ReadClip(root, model, settings);
        }

        return TokenizerPipeline.Read(root, model, settings, path);
    }

    private static ClipTokenizer ReadClip(JsonElement root, JsonElement model, TokenizerSettings settings)
    {
        Vocabulary vocabulary = BytePairFiles.ReadVocabulary(model.Required("vocab"));
        BytePairMerges merges = BytePairFiles.ReadMerges(model.Required("merges"), vocabulary);
        AddedToken[] added = ReadAddedTokens(root, vocabulary);
        RequireClipSteps(root);
        JsonElement post = root.Required("post_processor");
        int start = IdOf(post, "cls", vocabulary);
        int end = IdOf(post, "sep", vocabulary);
        int pad = settings.Use.ClipStyle.IsProgram ? 0 : vocabulary.TryGetId(settings.Pad, out int id) ? id : end;
        added = [.. added.Select(token => token.Normalized ? token with { Content = LowerCase.Convert(token.Content) } : token)];
        return new ClipTokenizer(vocabulary, merges, settings.Use.ClipStyle, added, start, end, pad, settings.MaxLength ?? 77);
    }

    private static int IdOf(JsonElement post, string name, Vocabulary vocabulary)
    {
        int id = post.Required(name)[1].GetInt32();
        return id >= 0 && id < vocabulary.Size
            ? id
            : throw new InvalidDataException($"its post-processor adds the id {id}, but its vocabulary has {vocabulary.Size}");
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

    private static IEnumerable<JsonElement> Steps(JsonElement step, string inner) =>
        step.Text("type") == "Sequence" ? step.Required(inner).EnumerateArray().SelectMany(part => Steps(part, inner)) : [step];
}
