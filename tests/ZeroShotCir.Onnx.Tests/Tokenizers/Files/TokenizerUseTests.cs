using System.Text.Json;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Tokenizers;
using ZeroShotCir.Onnx.Tokenizers.Files;
using ZeroShotCir.Onnx.Tokenizers.Text;
using ZeroShotCir.Tests.Graphs;

namespace ZeroShotCir.Tests.Tokenizers.Files;

/// <summary>What programs do to texts and ids that no tokenizer file says.</summary>
public sealed class TokenizerUseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{}""", "it’s a “RED” dress &amp;amp; ﬁne", "it's a \"red\" dress & fine")]
    [InlineData("""{"tokenizer_kwargs": {"clean": "canonicalize"}}""", "It’s a_RED (dress)!", "its a red dress")]
    public void OpenClip_cleans_before_its_own_tokenizer(string settings, string text, string cleaned)
    {
        ITokenizer tokenizer = Load("clip", settings);
        ITokenizer plain = Load("clip", null);

        Assert.Equal(Encode(plain, cleaned), Encode(tokenizer, text));
        Assert.NotEqual(Encode(plain, text), Encode(tokenizer, text));
    }

    [Fact]
    public void OpenClip_spells_its_own_special_tokens_and_pads_with_0()
    {
        ITokenizer tokenizer = Load("clip", "{}");
        int end = Encode(tokenizer, "")[^1];

        Assert.Equal([end - 1, .. Encode(tokenizer, "red")[1..^1], end, .. Encode(tokenizer, "dress")[1..]], Encode(tokenizer, "red <End_Of_Text>dress"));
        Assert.DoesNotContain(end, Encode(tokenizer, "red <|endoftext|> dress")[..^1]);
        Assert.DoesNotContain(end, Encode(tokenizer, "red !<end_of_text> dress")[..^1]);
        Assert.Equal(0, tokenizer.PadId);
    }

    [Theory]
    [InlineData("gemma", """{"hf_tokenizer_name": "x"}""", "It’s a  RED_dress\t!", "It's a RED_dress !")]
    [InlineData("gemma", """{"hf_tokenizer_name": "x", "tokenizer_kwargs": {"clean": "lower"}}""", "It’s a  RED_dress\t!", "it's a red_dress !")]
    [InlineData("gemma", """{"hf_tokenizer_name": "x", "tokenizer_kwargs": {"clean": "canonicalize", "language": null}}""", "It’s a  RED_dress\t!", "its a red dress")]
    [InlineData("xlm-roberta", """{"hf_tokenizer_name": "x"}""", "a &lt;photo&gt; “ok”", "a <photo> \"ok\"")]
    [InlineData("clip", """{"hf_tokenizer_name": "x"}""", "a “ok” <end_of_text>", "a \"ok\" <end_of_text>")]
    [InlineData("bert", """{}""", "a “ok” &amp;", "a “ok” &amp;")]
    public void OpenClip_cleans_before_a_named_tokenizer(string name, string settings, string text, string cleaned)
    {
        Assert.Equal(Encode(Load(name, null), cleaned), Encode(Load(name, settings), text));
    }

    [Fact]
    public void OpenClip_blanks_the_separator_where_it_is_asked_to()
    {
        File.WriteAllText(_folder.File("tokenizer_config.json"), """{"sep_token": "[SEP]"}""");
        int[] ids = Encode(Load("bert", """{"hf_tokenizer_name": "x", "tokenizer_kwargs": {"strip_sep_token": true}}"""), "a [SEP] dress");

        Assert.Equal(Encode(Load("bert", null), "a [SEP] dress").Select(id => id == 3 ? 0 : id), ids);
        Assert.Equal(2, ids.Count(id => id == 0));
    }

    [Theory]
    [InlineData("""{"tokenizer_kwargs": {"clean": "upper"}}""", "upper")]
    [InlineData("""{"tokenizer_kwargs": {"clean": "whitespace"}}""", "whitespace")]
    [InlineData("""{"hf_tokenizer_name": "x", "tokenizer_kwargs": {"tokenizer_mode": "clips"}}""", "tokenizer_mode")]
    [InlineData("""{"tokenizer_kwargs": {"reduction_mask": "syntax"}}""", "syntax")]
    [InlineData("""{"hf_tokenizer_name": "x", "tokenizer_kwargs": {"language": "fra_Latn"}}""", "fra_Latn")]
    public void OpenClip_settings_that_are_not_supported_are_named(string settings, string word)
    {
        Assert.Contains(word, Assert.Throws<InvalidDataException>(() => Load("clip", settings)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Siglip_puts_a_blank_piece_only_before_what_begins_the_text()
    {
        WriteSiglip(["<pad>", "</s>", "<unk>", "▁", "▁a", "a", "▁red", "red", "▁dog", "dog", "pad"]);
        ITokenizer tokenizer = TokenizerFolder.Load(_folder.Path);

        Assert.Equal([4, 1, 7, 8, 1], Encode(tokenizer, "a </s> RED  dog!"));
        Assert.Equal([1, 7, 1], Encode(tokenizer, " </s>red"));
        Assert.Equal([4, 2, 10, 8, 1], Encode(tokenizer, "A <unk> <pad> dog"));
        Assert.Equal([4, 8, 1], Encode(tokenizer, "▁a▁dog "));
        Assert.Equal([1], Encode(tokenizer, " ?! "));
        Assert.Equal(1, tokenizer.PadId);
    }

    [Theory]
    [InlineData(null, null, 512, 77)]
    [InlineData(null, 64, 512, 64)]
    [InlineData(null, 64, 32, 32)]
    [InlineData(32, 77, 512, 32)]
    [InlineData(128, 77, 77, 128)]
    [InlineData(null, 77, int.MaxValue, 77)]
    public void Context_is_that_of_the_configuration_then_that_of_family_and_tokenizer(int? configured, int? usual, int own, int expected)
    {
        ReferenceTokenizer.Read("clip").SaveJson(_folder.File("tokenizer.json"));
        File.WriteAllText(_folder.File("tokenizer_config.json"), $$"""{"model_max_length": {{own}}}""");

        ITokenizer tokenizer = TokenizerFolder.Load(_folder.Path, new TokenizerUse { MaxLength = configured, UsualLength = usual ?? 77 });
        Assert.Equal(expected, tokenizer.MaxLength);
        Assert.Equal(expected, Encode(tokenizer, string.Concat(Enumerable.Repeat("photo ", 600))).Length);
    }

    [Theory]
    [InlineData("2147483647")]
    [InlineData("1e30")]
    [InlineData("-1")]
    [InlineData("\"77\"")]
    public void A_length_that_is_none_counts_as_not_said_for_a_tokenizer(string length)
    {
        WriteModel("""{"model_type": "clip"}""");
        File.WriteAllText(_folder.File("tokenizer_config.json"), $$"""{"model_max_length": {{length}}}""");

        Assert.Equal(77, OnnxModelFolder.Open(_folder.Path).Inspect().Tokenizer!.ContextLength);
    }

    [Theory]
    [InlineData("2147483647")]
    [InlineData("1e30")]
    [InlineData("-1")]
    [InlineData("\"77\"")]
    public void Positions_that_no_model_has_are_refused(string length)
    {
        WriteModel($$$"""{"model_type": "clip", "text_config": {"max_position_embeddings": {{{length}}}}}""");

        InvalidModelException refusal = Assert.Throws<InvalidModelException>(() => OnnxModelFolder.Open(_folder.Path));
        Assert.Contains("text_config.max_position_embeddings", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(length.Trim('"'), refusal.Message, StringComparison.Ordinal);
    }

    private void WriteModel(string config)
    {
        TinyModel.WriteSettings(_folder.Path, new { model_type = "clip" });
        File.WriteAllText(_folder.File("config.json"), config);
        TinyModel.WriteClipTokenizer(_folder.Path);
        TinyModel.Image().Save(_folder.File("onnx", "vision_model.onnx"));
        TinyModel.Text().Save(_folder.File("onnx", "text_model.onnx"));
    }

    [Theory]
    [InlineData("clip", "tokenizer.json")]
    [InlineData("clip", "tokenizer_config.json")]
    [InlineData("clip", "special_tokens_map.json")]
    [InlineData("bert", "vocab.txt")]
    public void A_byte_order_mark_is_skipped(string name, string file)
    {
        ReferenceTokenizer reference = ReferenceTokenizer.Read(name);
        File.WriteAllText(_folder.File("tokenizer_config.json"), "{}");
        File.WriteAllText(_folder.File("special_tokens_map.json"), "{}");
        if (file == "vocab.txt")
        {
            File.WriteAllLines(_folder.File("vocab.txt"), reference.Tokens);
        }
        else
        {
            reference.SaveJson(_folder.File("tokenizer.json"));
        }

        int[] expected = Encode(TokenizerFolder.Load(_folder.Path), "a red dress");
        File.WriteAllBytes(_folder.File(file), [0xEF, 0xBB, 0xBF, .. File.ReadAllBytes(_folder.File(file))]);

        Assert.Equal(expected, Encode(TokenizerFolder.Load(_folder.Path), "a red dress"));
    }

    private static int[] Encode(ITokenizer tokenizer, string text)
    {
        int[] ids = new int[tokenizer.MaxLength];
        return ids[..tokenizer.Encode(text, ids, out _)];
    }

    private ITokenizer Load(string name, string? textSettings)
    {
        ReferenceTokenizer.Read(name).SaveJson(_folder.File("tokenizer.json"));
        using JsonDocument? model = textSettings is null ? null : JsonDocument.Parse($$"""{"embed_dim": 4, "text_cfg": {{textSettings}}}""");
        return TokenizerFolder.Load(_folder.Path, new TokenizerUse { MaxLength = 77, OpenClip = model is null ? null : OpenClipText.Read(model.RootElement) });
    }

    private void WriteSiglip(string[] pieces)
    {
        ProtobufWriter model = new();
        foreach ((int id, string piece) in pieces.Index())
        {
            model.Message(1, new ProtobufWriter().Text(1, piece).Float(2, piece.Length).Integer(3, id switch { 2 => 2, < 2 => 3, _ => 1 }));
        }

        model.Message(2, new ProtobufWriter().Integer(3, 1).Integer(40, 2).Integer(42, 1).Integer(43, 0));
        model.Message(3, new ProtobufWriter().Integer(3, 1));
        File.WriteAllBytes(_folder.File("spiece.model"), model.ToArray());
        File.WriteAllText(_folder.File("tokenizer_config.json"), """{"tokenizer_class": "SiglipTokenizer", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "</s>"}""");
    }
}
