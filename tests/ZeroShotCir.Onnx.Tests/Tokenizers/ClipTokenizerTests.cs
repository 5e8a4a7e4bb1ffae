using System.Globalization;
using System.Text.Json;
using ZeroShotCir.Onnx.Tokenizers;
using ZeroShotCir.Onnx.Tokenizers.Files;

namespace ZeroShotCir.Tests.Tokenizers;

public sealed class ClipTokenizerTests(ITestOutputHelper output)
{
    [Fact]
    public void OpenAI_style_gives_the_reference_ids_on_every_golden_text()
    {
        using TemporaryFolder folder = new();
        foreach (string file in (string[])["vocab.json", "merges.txt", "tokenizer_config.json"])
        {
            File.Copy(RepositoryPaths.Golden("tokenizer", file), folder.File(file));
        }

        ITokenizer tokenizer = TokenizerFolder.Load(folder.Path);
        int compared = 0;
        int truncations = 0;
        foreach (JsonElement line in Lines("clip_tokens.jsonl"))
        {
            string text = line.GetProperty("text").GetString()!;
            int[] padded = new int[77];
            int count = tokenizer.Encode(text, padded, out bool truncated);
            padded.AsSpan(count).Fill(tokenizer.PadId);

            Assert.True(Ids(line, "ids").SequenceEqual(padded), $"'{text}': {string.Join(' ', padded)}");
            Assert.Equal(line.GetProperty("truncated").GetBoolean(), truncated);
            compared++;
            truncations += truncated ? 1 : 0;
        }

        foreach (JsonElement line in Lines("clip_tokens_hf.jsonl").Where(line => line.GetProperty("openai_ids").ValueKind == JsonValueKind.Array))
        {
            Assert.Equal(Ids(line, "openai_ids"), Encode(tokenizer, line.GetProperty("text").GetString()!));
            compared++;
        }

        output.WriteLine($"CLIP, OpenAI style: {compared} of {compared} texts equal, {truncations} of them cut.");
        Assert.NotEqual(0, compared);
        Assert.NotEqual(0, truncations);
    }

    [Fact]
    public void A_byte_order_mark_before_the_files_changes_nothing()
    {
        using TemporaryFolder folder = new();
        string model = Path.Combine(RepositoryPaths.TinyFashion, "models", "clip");
        foreach (string file in (string[])["vocab.json", "merges.txt", "tokenizer_config.json"])
        {
            File.Copy(Path.Combine(model, file), folder.File(file));
        }

        int[] expected = Encode(TokenizerFolder.Load(folder.Path), "a red striped shirt");
        foreach (string file in (string[])["vocab.json", "merges.txt", "tokenizer_config.json"])
        {
            File.WriteAllBytes(folder.File(file), [0xEF, 0xBB, 0xBF, .. File.ReadAllBytes(folder.File(file))]);
            Assert.Equal(expected, Encode(TokenizerFolder.Load(folder.Path), "a red striped shirt"));
        }

        // Without a version line the mark stands before the first merge itself.
        string merges = File.ReadAllText(folder.File("merges.txt"));
        File.WriteAllText(folder.File("merges.txt"), "\uFEFF" + merges[(merges.IndexOf('\n') + 1)..]);
        Assert.Equal(expected, Encode(TokenizerFolder.Load(folder.Path), "a red striped shirt"));
    }

    [Fact]
    public void Hugging_Face_style_gives_the_reference_ids_on_every_golden_text()
    {
        ITokenizer tokenizer = TokenizerFolder.Load(RepositoryPaths.Golden("tokenizer"));
        Dictionary<string, int[]> own = Lines("clip_tokens_hf.jsonl").ToDictionary(line => line.GetProperty("text").GetString()!, line => Ids(line, "hf_ids"));
        int compared = 0;
        foreach (JsonElement line in Lines("clip_tokens.jsonl"))
        {
            string text = line.GetProperty("text").GetString()!;
            int[] expected = own.Remove(text, out int[]? differing)
                ? differing
                : Ids(line, "ids")[..Math.Min(line.GetProperty("tokens").GetInt32(), 77)];
            Assert.True(expected.SequenceEqual(Encode(tokenizer, text)), $"'{text}': {string.Join(' ', Encode(tokenizer, text))}");
            compared++;
        }

        foreach ((string text, int[] expected) in own)
        {
            Assert.True(expected.SequenceEqual(Encode(tokenizer, text)), $"'{text}': {string.Join(' ', Encode(tokenizer, text))}");
            compared++;
        }

        output.WriteLine($"CLIP, Hugging Face style: {compared} of {compared} texts equal.");
        Assert.NotEqual(0, compared);
        Assert.Equal(49407, tokenizer.PadId);
        Assert.Equal(77, tokenizer.MaxLength);
        Assert.Equal(49408, tokenizer.VocabularySize);
    }

    [Fact]
    public void Captions_of_known_words_allocate_nothing()
    {
        ITokenizer tokenizer = TokenizerFolder.Load(Path.Combine(RepositoryPaths.TinyFashion, "models", "clip"));
        string[] texts = ["is red and has long sleeves", "It's a \u201cCAFÉ\u201d dress \u2014 size 42", ""];
        int[] ids = new int[tokenizer.MaxLength];
        foreach (string text in texts)
        {
            tokenizer.Encode(text, ids, out _);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 100; round++)
        {
            foreach (string text in texts)
            {
                tokenizer.Encode(text, ids, out _);
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Words_in_use_replace_words_that_are_not()
    {
        ITokenizer tokenizer = TokenizerFolder.Load(Path.Combine(RepositoryPaths.TinyFashion, "models", "clip"));
        int[] ids = new int[tokenizer.MaxLength];
        foreach (int number in Enumerable.Range(0, 200_000))
        {
            tokenizer.Encode(Word('q', number), ids, out _);
        }

        string[] words = [.. Enumerable.Range(0, 300).Select(number => Word('d', number))];
        long allocated = 0;
        for (int round = 0; round < 3; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach (string word in words)
            {
                tokenizer.Encode(word, ids, out _);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);

        static string Word(char first, int number) => first + string.Concat(number.ToString(CultureInfo.InvariantCulture).Select(digit => (char)(digit - '0' + 'a')));
    }

    private static int[] Encode(ITokenizer tokenizer, string text)
    {
        int[] ids = new int[tokenizer.MaxLength];
        return ids[..tokenizer.Encode(text, ids, out _)];
    }

    private static int[] Ids(JsonElement line, string name) => [.. line.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];

    private static IEnumerable<JsonElement> Lines(string file) =>
        File.ReadLines(RepositoryPaths.Golden("tokenizer", file)).Select(line => JsonDocument.Parse(line).RootElement);
}
