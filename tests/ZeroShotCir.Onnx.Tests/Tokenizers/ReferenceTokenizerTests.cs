using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Tokenizers;
using ZeroShotCir.Onnx.Tokenizers.Files;
using ZeroShotCir.Tests.Graphs;

namespace ZeroShotCir.Tests.Tokenizers;

public sealed class ReferenceTokenizerTests(ITestOutputHelper output) : IDisposable
{
    private const int Normal = 1;
    private const int Unknown = 2;
    private const int Control = 3;
    private const int Byte = 6;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => ["clip", "bert", "gemma", "roberta", "xlm-roberta"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Tokenizer_json_gives_the_ids_of_the_reference(string name)
    {
        ReferenceTokenizer reference = ReferenceTokenizer.Read(name);
        reference.SaveJson(_folder.File("tokenizer.json"));

        Compare(name, reference.Cases);
    }

    [Fact]
    public void Every_other_step_gives_the_ids_of_the_reference()
    {
        foreach ((string name, ReferenceTokenizer variant) in ReferenceTokenizer.ReadVariants())
        {
            variant.SaveJson(_folder.File("tokenizer.json"));
            Compare(name, variant.Cases);
        }
    }

    [Fact]
    public void Vocab_txt_gives_the_ids_of_the_reference()
    {
        ReferenceTokenizer reference = ReferenceTokenizer.Read("bert");
        File.WriteAllText(_folder.File("vocab.txt"), string.Concat(reference.Tokens.Select(token => token + "\n")));

        Compare("vocab.txt", reference.Cases);
    }

    [Fact]
    public void Tokenizer_model_of_byte_pairs_gives_the_ids_of_the_reference()
    {
        ReferenceTokenizer reference = ReferenceTokenizer.Read("gemma");
        ProtobufWriter model = new();
        foreach ((int id, string token) in reference.Tokens.Index())
        {
            AddPiece(model, token, -id, token.StartsWith("<0x", StringComparison.Ordinal) ? Byte : token == "<unk>" ? Unknown : id < 5 ? Control : Normal);
        }

        model.Message(2, new ProtobufWriter().Integer(3, 2).Integer(35, 1).Integer(40, 3).Integer(41, 2).Integer(42, 1).Integer(43, 0));
        model.Message(3, new ProtobufWriter().Integer(3, 0).Integer(4, 0));
        File.WriteAllBytes(_folder.File("tokenizer.model"), model.ToArray());

        Compare("tokenizer.model", reference.Cases);
        Assert.Equal(0, TokenizerFolder.Load(_folder.Path).PadId);
    }

    /// <summary>
    /// A SentencePiece file cannot say that an added token takes the blanks before it, and knows no blanks but those of its
    /// map: texts that hold such things are not compared.
    /// </summary>
    [Fact]
    public void Spiece_model_of_unigrams_gives_the_ids_of_the_reference()
    {
        ReferenceTokenizer reference = ReferenceTokenizer.Read("xlm-roberta");
        ProtobufWriter model = new();
        foreach ((int id, JsonNode? piece) in reference.Json["model"]!["vocab"]!.AsArray().Index())
        {
            string text = piece![0]!.GetValue<string>();
            AddPiece(model, text, piece[1]!.GetValue<float>(), text == "<unk>" ? Unknown : text.StartsWith('<') ? Control : Normal);
        }

        byte[] map = Convert.FromBase64String(reference.Json["normalizer"]!["normalizers"]![0]!["precompiled_charsmap"]!.GetValue<string>());
        model.Message(2, new ProtobufWriter().Integer(3, 1).Integer(40, 3).Integer(41, 0).Integer(42, 2).Integer(43, 1));
        model.Message(3, new ProtobufWriter().Bytes(2, map));
        File.WriteAllBytes(_folder.File("spiece.model"), model.ToArray());
        File.WriteAllText(_folder.File("tokenizer_config.json"), """{"add_bos_token": true, "tokenizer_class": "T5Tokenizer"}""");

        (string Text, int[] Ids)[] cases = [.. reference.Cases.Where(item => item.Text.AsSpan().IndexOfAny('<', '▁', '\u2028') < 0)];
        Assert.InRange(cases.Length, 100, reference.Cases.Count);
        Compare("spiece.model", cases);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_truncated_tokenizer_json_is_refused_by_name(string name)
    {
        string json = ReferenceTokenizer.Read(name).Json.ToJsonString();
        foreach (int length in Enumerable.Range(0, 40).Select(part => json.Length * part / 40))
        {
            File.WriteAllText(_folder.File("tokenizer.json"), json[..length]);
            Assert.Contains("tokenizer.json", Assert.Throws<InvalidModelException>(() => TokenizerFolder.Load(_folder.Path)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("bert", """{"normalizer": {"type": "Nmt"}}""", "Nmt")]
    [InlineData("bert", """{"normalizer": {"type": "Sequence", "normalizers": [{"type": "Lowercase"}, {"type": "NFKC"}]}}""", "NFKC")]
    [InlineData("bert", """{"pre_tokenizer": {"type": "UnicodeScripts"}}""", "UnicodeScripts")]
    [InlineData("bert", """{"pre_tokenizer": {"type": "Split", "pattern": {"String": "a"}, "behavior": "Halved"}}""", "Halved")]
    [InlineData("bert", """{"pre_tokenizer": {"type": "Split", "pattern": {"Glob": "a"}, "behavior": "Removed"}}""", "Glob")]
    [InlineData("bert", """{"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "("}, "behavior": "Removed"}}""", "Invalid pattern")]
    [InlineData("bert", """{"pre_tokenizer": {"type": "Metaspace", "replacement": "_"}}""", "'_'")]
    [InlineData("bert", """{"post_processor": {"type": "PairTemplate"}}""", "PairTemplate")]
    [InlineData("bert", """{"post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "[X]"}}], "special_tokens": {}}}""", "[X]")]
    [InlineData("bert", """{"model": {"type": "WordLevel"}}""", "WordLevel")]
    [InlineData("bert", """{"model": {"type": "WordPiece", "vocab": {"a": 0}, "unk_token": "[UNK]"}}""", "[UNK]")]
    [InlineData("bert", """{"model": {"type": "WordPiece", "vocab": {"a": -1}}}""", "-1")]
    [InlineData("gemma", """{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a b"]}}""", "'b'")]
    [InlineData("gemma", """{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [], "ignore_merges": true}}""", "ignore_merges")]
    [InlineData("gemma", """{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [], "end_of_word_suffix": "@"}}""", "end_of_word_suffix")]
    [InlineData("xlm-roberta", """{"model": {"type": "Unigram", "vocab": [], "unk_id": 0}}""", "no pieces")]
    [InlineData("xlm-roberta", """{"model": {"type": "Unigram", "vocab": [["a", -1]]}}""", "unk_id")]
    [InlineData("xlm-roberta", """{"model": {"type": "Unigram", "vocab": [["a", -1]], "unk_id": 1}}""", "unk_id")]
    [InlineData("xlm-roberta", """{"post_processor": {"type": "RobertaProcessing", "cls": ["<s>", 0], "sep": ["</s>", 9999]}}""", "9999")]
    [InlineData("xlm-roberta", """{"normalizer": {"type": "Precompiled", "precompiled_charsmap": "/////w=="}}""", "character map")]
    public void What_a_tokenizer_json_may_not_say_is_named(string name, string change, string word)
    {
        ReferenceTokenizer reference = ReferenceTokenizer.Read(name);
        foreach ((string field, JsonNode? value) in JsonNode.Parse(change)!.AsObject())
        {
            reference.Json[field] = value!.DeepClone();
        }

        reference.SaveJson(_folder.File("tokenizer.json"));

        string message = Assert.Throws<InvalidModelException>(() => TokenizerFolder.Load(_folder.Path)).Message;
        Assert.Contains("tokenizer.json", message, StringComparison.Ordinal);
        Assert.Contains(word, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vocab.txt", "a\nb\n", "[UNK]")]
    [InlineData("spiece.model", "not a model", "spiece.model")]
    [InlineData("tokenizer.model", "", "0 pieces")]
    public void Another_file_that_is_no_tokenizer_is_refused_by_name(string file, string content, string word)
    {
        File.WriteAllText(_folder.File(file), content);

        string message = Assert.Throws<InvalidModelException>(() => TokenizerFolder.Load(_folder.Path)).Message;
        Assert.Contains(file, message, StringComparison.Ordinal);
        Assert.Contains(word, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bert", "the photographer's red dress, unphotographed.", "the photographer's red dress, unphotographed.")]
    [InlineData("gemma", "a photo of 👗 dogs", "a photo of 👗 dogs")]
    [InlineData("roberta", "a photo of 👗 dogs", "a photo of 👗 dogs")]
    [InlineData("xlm-roberta", "a photo of dogs", "a photo of dogs")]
    public void What_is_encoded_decodes_to_the_text(string name, string text, string expected)
    {
        ReferenceTokenizer.Read(name).SaveJson(_folder.File("tokenizer.json"));
        ITokenizer tokenizer = TokenizerFolder.Load(_folder.Path);
        int[] ids = new int[tokenizer.MaxLength];

        Assert.Equal(expected, tokenizer.Decode(ids.AsSpan(0, tokenizer.Encode(text, ids, out _))));
    }

    private static void AddPiece(ProtobufWriter model, string text, float score, int kind) =>
        model.Message(1, new ProtobufWriter().Text(1, text).Float(2, score).Integer(3, kind));

    private void Compare(string name, IReadOnlyList<(string Text, int[] Ids)> cases)
    {
        ITokenizer tokenizer = TokenizerFolder.Load(_folder.Path, 1024);
        int[] ids = new int[tokenizer.MaxLength];
        List<string> mismatches = [];
        foreach ((string text, int[] expected) in cases)
        {
            int[] actual = ids[..tokenizer.Encode(text, ids, out bool truncated)];
            Assert.False(truncated);
            if (!expected.SequenceEqual(actual))
            {
                mismatches.Add($"{JsonSerializer.Serialize(text)}: expected {string.Join(' ', expected)}, got {string.Join(' ', actual)}");
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {cases.Count} texts compared, {mismatches.Count} mismatches."));
        Assert.True(mismatches.Count == 0, string.Join(Environment.NewLine, mismatches.Take(10)));
    }
}
