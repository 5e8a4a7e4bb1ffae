using System.Text;
using System.Text.Json.Nodes;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Tokenizers;
using ZeroShotCir.Onnx.Tokenizers.Files;
using ZeroShotCir.Onnx.Tokenizers.Text;
using ZeroShotCir.Tests.Graphs;
using ZeroShotCir.Tests.Mutations;

namespace ZeroShotCir.Tests.Tokenizers.Files;

/// <summary>Files and texts of strangers: whatever is wrong with them is a typed error, and nothing grows or lasts without bound.</summary>
public sealed class HostileTokenizerTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] Names = ["clip", "bert", "gemma", "roberta", "xlm-roberta"];
    private static readonly string[] Texts = ["", "a photo of <mask> İ红😀\t</s>", new('a', 300), "\uD800 &amp;amp; “x”\n"];

    private static readonly string[] Values =
    [
        "null", "true", "-1", "0", "2147483647", "1e30", "-0.5", "\"\"", "[]", "{}", "[null]", "[[]]", "[[\"a\"]]", "{\"a\": null}", "\"(a+)+$\"", "\"(?=(a+)+b)\"", "\"[\"",
        "\"a{1000}{1000}\"", "\"\\ud83d\\ude00\"", "{\"Regex\": \"(a|a)*b\"}", "{\"String\": \"a\"}",
        "{\"type\": \"Replace\", \"pattern\": {\"String\": \"a\"}, \"content\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}",
        "{\"type\": \"Sequence\", \"normalizers\": []}", "{\"type\": \"BPE\", \"vocab\": {}, \"merges\": []}", "\"////\"",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "(?=(a|aa)+$)"}, "behavior": "Isolated"}}""", "(?=(a|aa)+$)")]
    [InlineData("""{"normalizer": {"type": "Replace", "pattern": {"Regex": "(?!(a|aa)+$)x|(a|aa)+(?<=c)"}, "content": "b"}}""", "(?<=c)")]
    public void A_pattern_that_tries_too_many_ways_is_named(string change, string pattern)
    {
        string message = Assert.Throws<InvalidModelException>(() => Encode(Load("xlm-roberta", change), new string('a', 60) + "!")).Message;

        Assert.Contains(pattern, message, StringComparison.Ordinal);
        Assert.Contains(_folder.File("tokenizer.json"), message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_that_would_try_many_ways_runs_in_linear_time()
    {
        ITokenizer tokenizer = Load("xlm-roberta", """{"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "(a+)+b"}, "behavior": "Isolated"}}""");

        Assert.NotEmpty(Encode(tokenizer, new string('a', 5000)));
    }

    [Theory]
    [InlineData("""{"type": "Replace", "pattern": {"String": "a"}, "content": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""")]
    [InlineData("""{"type": "Replace", "pattern": {"Regex": "[a-z]"}, "content": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""")]
    public void A_normalizer_that_multiplies_a_text_is_stopped(string step)
    {
        ITokenizer tokenizer = Load("xlm-roberta", $$$"""{"normalizer": {"type": "Sequence", "normalizers": [{{{string.Join(',', Enumerable.Repeat(step, 8))}}}]}}""");
        long before = GC.GetTotalAllocatedBytes();

        string message = Assert.Throws<InvalidModelException>(() => Encode(tokenizer, new string('a', 1000))).Message;

        Assert.Contains("normalizer", message, StringComparison.Ordinal);
        Assert.Contains("tokenizer.json", message, StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64 << 20);
    }

    [Theory]
    [InlineData("""{"model": {"type": "WordPiece", "unk_token": "a", "vocab": {"a": 0}, "max_input_chars_per_word": 2147483647}, "post_processor": null}""")]
    [InlineData(
        """{"model": {"type": "WordPiece", "unk_token": "a", "vocab": {"a": 0}, "max_input_chars_per_word": 2147483647"""
        + """, "continuing_subword_prefix": "LONG"}, "post_processor": null}""")]
    public void A_word_of_any_length_needs_no_stack(string change)
    {
        ITokenizer tokenizer = Load("bert", change.Replace("LONG", new string('#', 3_000_000), StringComparison.Ordinal));

        Assert.NotEmpty(Encode(tokenizer, new string('a', 400_000)));
    }

    [Theory]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": null}}""", "merges")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [null]}}""", "null")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 2147483647}, "merges": []}}""", "2147483647")]
    [InlineData("""{"padding": {"pad_id": -5}}""", "-5")]
    public void What_cannot_be_is_named(string change, string word)
    {
        Assert.Contains(word, Assert.Throws<InvalidModelException>(() => Load("gemma", change)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tokenizer.json", "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"@\": 0}, \"merges\": []}}")]
    [InlineData("tokenizer_config.json", "{\"tokenizer_class\": \"@\"}")]
    [InlineData("vocab.txt", "[UNK]\n[CLS]\n[SEP]\n[PAD]\n@")]
    public void Bytes_that_are_not_UTF_8_are_refused_by_name(string file, string content)
    {
        if (file == "tokenizer_config.json")
        {
            Load("bert", null);
        }

        File.WriteAllBytes(_folder.File(file), [.. Encoding.UTF8.GetBytes(content).Select(value => value == '@' ? (byte)0xFF : value)]);

        Assert.Contains(file, Assert.Throws<InvalidModelException>(() => TokenizerFolder.Load(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_text_gets_ids_of_the_vocabulary_that_fit_the_context()
    {
        Random random = new(5);
        string[] settings = ["{}", """{"hf_tokenizer_name": "x"}""", """{"hf_tokenizer_name": "x", "tokenizer_kwargs": {"clean": "canonicalize"}}"""];
        TokenizerUse[] uses =
        [
            new() { MaxLength = 40 },
            new() { MaxLength = 2, IsSiglip = true },
            .. settings.Select(text => new TokenizerUse
            {
                MaxLength = 16,
                OpenClip = OpenClipText.Read(System.Text.Json.JsonDocument.Parse($$"""{"text_cfg": {{text}}}""").RootElement),
            }),
        ];
        foreach (string name in Names)
        {
            ReferenceTokenizer.Read(name).SaveJson(_folder.File("tokenizer.json"));
            foreach (ITokenizer tokenizer in uses.Select(use => TokenizerFolder.Load(_folder.Path, use)))
            {
                for (int i = 0; i < 300; i++)
                {
                    string text = RandomText(random);
                    int[] ids = Encode(tokenizer, text);
                    Assert.InRange(ids.Length, Math.Min(2, tokenizer.MaxLength) - 1, tokenizer.MaxLength);
                    Assert.All(ids, id => Assert.InRange(id, 0, tokenizer.VocabularySize - 1));
                    Assert.NotNull(tokenizer.Decode(ids));
                    Assert.Equal(ids, Encode(tokenizer, text));
                }
            }
        }
    }

    [Fact]
    public void Mutated_files_are_read_or_refused()
    {
        string[] originals = [.. Names.Select(name => ReferenceTokenizer.Read(name).Json.ToJsonString())];
        byte[] sentencePiece = SentencePiece();
        string file = "tokenizer.json";
        int stopped = 0;
        MutationRun run = new("tokenizers", 3000, mutated =>
        {
            File.Delete(_folder.File("tokenizer.json"));
            File.WriteAllBytes(_folder.File(file), mutated);
            ITokenizer tokenizer = TokenizerFolder.Load(_folder.Path, 64);
            foreach (string text in Texts)
            {
                int[] ids = Encode(tokenizer, text);
                Assert.InRange(ids.Length, 0, 64);
                Assert.All(ids, id => Assert.InRange(id, 0, tokenizer.VocabularySize - 1));
                tokenizer.Decode(ids);
            }
        })
        {
            IsRefusal = e =>
            {
                stopped += e.Message.Contains("longer than", StringComparison.Ordinal) ? 1 : 0;
                return e is InvalidModelException && e.Message.Contains(file, StringComparison.Ordinal);
            },
        };

        run.Execute(random =>
        {
            byte[] original = Encoding.UTF8.GetBytes(originals[random.Next(originals.Length)]);
            file = random.Next(12) == 0 ? "spiece.model" : "tokenizer.json";
            return file == "spiece.model" ? Mutation.Bytes(sentencePiece, random) : random.Next(3) == 0 ? Mutation.Json(original, random) : Encoding.UTF8.GetBytes(
                Change(Encoding.UTF8.GetString(original), random));
        });

        output.WriteLine($"{stopped} were stopped by the time limit.");
        Assert.InRange(run.Refused, 1, run.Count - 1);
    }

    private static byte[] SentencePiece()
    {
        ProtobufWriter model = new();
        foreach ((int id, string piece) in ((string[])["<pad>", "</s>", "<unk>", "▁", "▁a", "a", "b", "photo"]).Index())
        {
            model.Message(1, new ProtobufWriter().Text(1, piece).Float(2, -id).Integer(3, id switch { 2 => 2, < 2 => 3, _ => 1 }));
        }

        model.Message(2, new ProtobufWriter().Integer(3, 1).Integer(35, 0).Integer(40, 2).Integer(42, 1));
        return model.Message(3, new ProtobufWriter().Integer(3, 1)).ToArray();
    }

    /// <summary>Replaces one value by another, outside of the vocabulary more often than in it.</summary>
    private static string Change(string json, Random random)
    {
        JsonNode root = JsonNode.Parse(json)!;
        List<JsonNode> nodes = [];
        Collect(root, nodes, random.Next(3) == 0);
        JsonNode chosen = nodes[random.Next(nodes.Count)];
        JsonNode? value = random.Next(4) == 0 ? nodes[random.Next(nodes.Count)].DeepClone() : JsonNode.Parse(Values[random.Next(Values.Length)]);
        if (chosen.Parent is null)
        {
            return value?.ToJsonString() ?? "null";
        }

        chosen.ReplaceWith(value);
        return root.ToJsonString();
    }

    private static void Collect(JsonNode node, List<JsonNode> nodes, bool alsoVocabulary)
    {
        nodes.Add(node);
        IEnumerable<JsonNode?> inner = node switch
        {
            JsonObject fields => fields.Select(field => field.Value),
            JsonArray items => items,
            _ => [],
        };
        foreach (JsonNode child in inner.OfType<JsonNode>()
            .Where(child => alsoVocabulary || child is JsonValue || (child as JsonObject)?.Count is null or < 50)
            .Take(alsoVocabulary ? int.MaxValue : 50))
        {
            Collect(child, nodes, alsoVocabulary);
        }
    }

    private static string RandomText(Random random)
    {
        StringBuilder text = new();
        for (int i = random.Next(60); i > 0; i--)
        {
            text.Append(random.Next(6) switch
            {
                0 => ((char)random.Next(0x10000)).ToString(),
                1 => new Rune(random.Next(0x10000, 0x110000)).ToString(),
                2 => ((char)random.Next(0x300)).ToString(),
                3 => ((string[])["<mask>", "</s>", "<|endoftext|>", "&amp;", "[SEP]", "<eos>", "  ", "\u0301"])[random.Next(8)],
                _ => ((char)random.Next(' ', '~')).ToString(),
            });
        }

        return text.ToString();
    }

    private static int[] Encode(ITokenizer tokenizer, string text)
    {
        int[] ids = new int[tokenizer.MaxLength];
        return ids[..tokenizer.Encode(text, ids, out _)];
    }

    private ITokenizer Load(string name, string? change)
    {
        ReferenceTokenizer reference = ReferenceTokenizer.Read(name);
        foreach ((string field, JsonNode? value) in JsonNode.Parse(change ?? "{}")!.AsObject())
        {
            reference.Json[field] = value?.DeepClone();
        }

        reference.SaveJson(_folder.File("tokenizer.json"));
        return TokenizerFolder.Load(_folder.Path, 64);
    }
}
