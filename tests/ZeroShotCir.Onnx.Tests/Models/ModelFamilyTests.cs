using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Onnx.Tokenizers;
using ZeroShotCir.Tests.Graphs;

namespace ZeroShotCir.Tests.Models;

/// <summary>Families of which no published folder is at hand, on graphs that the tests write.</summary>
public sealed class ModelFamilyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mobileclip", false, 77, 0, false)]
    [InlineData("metaclip_2", true, 77, null, false)]
    [InlineData("chinese_clip", true, null, null, false)]
    [InlineData("blip", true, null, null, false)]
    public async Task Split_graphs_of_a_family_encode_and_pad_as_it_wants(string family, bool hasMask, int? paddedLength, int? padId, bool unitLength)
    {
        TinyModel.WriteSettings(_folder.Path, new { model_type = family });
        TinyModel.WriteClipTokenizer(_folder.Path);
        TinyModel.Image().Save(_folder.File("onnx", "vision_model.onnx"));
        TinyModel.Text(mask: hasMask ? "attention_mask" : null).Save(_folder.File("onnx", "text_model.onnx"));

        await CheckAsync(family, paddedLength, padId, unitLength, countsPadding: !hasMask && paddedLength is not null);
    }

    [Theory]
    [InlineData("siglip")]
    [InlineData("siglip2")]
    public async Task Siglip_takes_the_pooled_output_and_64_ids_without_mask(string type)
    {
        TinyModel.WriteSettings(_folder.Path, new { model_type = type });
        TinyModel.WriteClipTokenizer(_folder.Path);
        TinyModel.Image(output: "pooler_output").Save(_folder.File("onnx", "vision_model.onnx"));
        TinyModel.Text(output: "pooler_output").Save(_folder.File("onnx", "text_model.onnx"));

        await CheckAsync("siglip", 64, null, unitLength: false, countsPadding: true);
    }

    [Fact]
    public void Siglip_2_of_free_resolution_is_refused_in_words()
    {
        TinyModel.WriteSettings(_folder.Path, new { model_type = "siglip2" });
        new OnnxGraph().Input("pixel_values", TensorElementType.Float, "batch", "patches", 768).Output("pooler_output", TensorElementType.Float, "batch", 768)
            .Integers("axes", 1).Node("ReduceSum", ["pixel_values", "axes"], "pooler_output", ("keepdims", 0L)).Save(_folder.File("onnx", "vision_model.onnx"));

        Assert.Contains("NaFlex", Assert.Throws<InvalidModelException>(() => OnnxModelFolder.Open(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_joint_graph_gets_an_empty_other_half()
    {
        TinyModel.WriteSettings(_folder.Path, new { model_type = "jina_clip" });
        TinyModel.WriteClipTokenizer(_folder.Path);
        TinyModel.Joint("l2norm_image_embeddings", "l2norm_text_embeddings", mask: null).Save(_folder.File("onnx", "model.onnx"));

        await CheckAsync("jina_clip", paddedLength: null, padId: null, unitLength: true, countsPadding: false);
    }

    [Fact]
    public async Task Quantised_graphs_are_taken_when_there_is_nothing_better_and_the_notes_say_so()
    {
        TinyModel.WriteSettings(_folder.Path, new { model_type = "clip" });
        TinyModel.WriteClipTokenizer(_folder.Path);
        TinyModel.Image().Save(_folder.File("onnx", "vision_model_bnb4.onnx"));
        TinyModel.Image().Save(_folder.File("onnx", "vision_model_quantized.onnx"));
        TinyModel.Text().Save(_folder.File("onnx", "text_model_uint8.onnx"));

        Assert.Contains(OnnxModelFolder.Open(_folder.Path).Inspect().Notes, note => note.Contains("vision_model_quantized.onnx (q8)", StringComparison.Ordinal));
        await CheckAsync("clip", 77, null, unitLength: false, countsPadding: true);
    }

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Every_precision_is_found_by_its_suffix(string name)
    {
        ModelPrecision precision = ModelPrecision.Parse(name);
        TinyModel.WriteSettings(_folder.Path, new { model_type = "clip" });
        foreach (ModelPrecision other in ModelPrecision.All)
        {
            TinyModel.Image().Save(_folder.File($"vision_model{other.Suffix}.onnx"));
        }

        ModelInspection found = OnnxModelFolder.Open(_folder.Path, new OnnxModelOptions { Precision = precision }).Inspect();

        Assert.Equal($"vision_model{precision.Suffix}.onnx", found.Graphs["image"].File);
    }

    public static TheoryData<string> Precisions => [.. ModelPrecision.All.Select(precision => precision.Name)];

    [Fact]
    public async Task Unknown_graphs_are_described_by_a_file()
    {
        TinyModel.WriteSettings(_folder.Path, new { });
        TinyModel.WriteClipTokenizer(_folder.File("words"));
        TinyModel.Image(input: "x", output: "features").Save(_folder.File("eye", "net.onnx"));
        TinyModel.Text(input: "y", output: "features", mask: "seen", type: TensorElementType.Int32).Save(_folder.File("ear", "net.onnx"));
        File.WriteAllText(_folder.File("zeroshotcir.json"), """
            {"name": "mine", "image": {"graph": "eye/net.onnx", "input": "x", "output": "features", "preprocessing": "preprocessor_config.json"},
             "text": {"graph": "ear/net.onnx", "input": "y", "mask": "seen", "output": "features", "tokenizer": "words", "context_length": 12, "pad_id": 3}}
            """);

        await CheckAsync("mine", 12, 3, unitLength: false, countsPadding: false);
    }

    [Theory]
    [InlineData("""{"image": {"grahp": "x.onnx"}}""", "grahp")]
    [InlineData("""{"name": "nothing"}""", "neither")]
    [InlineData("""{"text": {"graph": "x.onnx", "context_length": "many"}}""", "context_length")]
    [InlineData("""{"text": {"graph": "x.onnx", "context_length": 2147483647}}""", "context_length")]
    [InlineData("""{"image": {"graph": "absent.onnx"}}""", "absent.onnx")]
    [InlineData("[]", "object")]
    public void A_description_that_means_nothing_is_refused(string description, string word)
    {
        File.WriteAllText(_folder.File("zeroshotcir.json"), description);
        Assert.Contains(word, Assert.Throws<InvalidModelException>(() => OnnxModelFolder.Open(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tokenizer_of_another_model_is_refused()
    {
        TinyModel.WriteSettings(_folder.Path, new { model_type = "clip" });
        TinyModel.WriteClipTokenizer(_folder.Path);
        TinyModel.Text(vocabulary: 10).Save(_folder.File("text_model.onnx"));

        string message = Assert.Throws<InvalidModelException>(() => OnnxModelFolder.Open(_folder.Path)).Message;
        Assert.Contains("16", message, StringComparison.Ordinal);
        Assert.Contains("10", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_that_nobody_knows_is_named()
    {
        TinyModel.WriteSettings(_folder.Path, new { model_type = "clip" });
        TinyModel.Image().Input("mystery", TensorElementType.Float, 1).Save(_folder.File("vision_model.onnx"));

        Assert.Contains("mystery", Assert.Throws<InvalidModelException>(() => OnnxModelFolder.Open(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pointer_in_place_of_a_graph_is_recognised()
    {
        TinyModel.WriteSettings(_folder.Path, new { model_type = "clip" });
        File.WriteAllText(_folder.File("vision_model.onnx"), "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");

        Assert.Contains("git lfs pull", Assert.Throws<InvalidModelException>(() => OnnxModelFolder.Open(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_prefix_of_a_graph_is_refused_by_name()
    {
        TinyModel.WriteSettings(_folder.Path, new { model_type = "clip" });
        byte[] graph = TinyModel.Image().ToArray();
        int refused = 0;
        for (int length = 0; length < graph.Length; length++)
        {
            File.WriteAllBytes(_folder.File("vision_model.onnx"), graph[..length]);
            try
            {
                OnnxModelFolder.Open(_folder.Path);
            }
            catch (InvalidModelException e)
            {
                refused++;
                Assert.Contains("vision_model.onnx", e.Message, StringComparison.Ordinal);
            }
        }

        // The graph precedes the operator sets, the file's last ten bytes at most: all that cuts the graph is found.
        Assert.InRange(refused, graph.Length - 10, graph.Length);
    }

    private async Task CheckAsync(string family, int? paddedLength, int? padId, bool unitLength, bool countsPadding)
    {
        OnnxModelFolder model = OnnxModelFolder.Open(_folder.Path, new OnnxModelOptions { BatchSize = 2 });
        using OnnxImageEncoder images = model.CreateImageEncoder(new PaletteDecoder());
        using OnnxTextEncoder texts = model.CreateTextEncoder();
        Assert.Equal(family, model.Inspect().Family);
        Assert.Equal(new EncoderInfo(model.ModelId, TinyModel.Dimensions, unitLength) { Reading = new ImageReading { Decoder = "palette" } }, images.Info);

        EmbeddingMatrix ofImages = await images.EncodeAsync(
            [.. new byte[] { 10, 20, 30 }.Select(shade => new ImageData(new[] { shade }, "image/x"))], TestContext.Current.CancellationToken);
        for (int i = 0; i < 3; i++)
        {
            float shade = (i + 1) * 10 / 255f;
            Assert.Equal([shade, 2 * shade, 3 * shade], ofImages[i].ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
        }

        string[] sentences = ["a", "b c a", "", "c"];
        ITokenizer tokenizer = model.Tokenizer!;
        EmbeddingMatrix ofTexts = await texts.EncodeAsync(sentences, TestContext.Current.CancellationToken);
        for (int i = 0; i < sentences.Length; i++)
        {
            int[] ids = new int[tokenizer.MaxLength];
            int count = tokenizer.Encode(sentences[i], ids, out _);
            int[] fed = [.. ids.Take(count), .. Enumerable.Repeat(padId ?? tokenizer.PadId, (paddedLength ?? count) - count)];
            Assert.Equal(fed, model.Tokenize(sentences[i]).Ids);
            int[] counted = countsPadding ? fed : ids[..count];
            Assert.Equal(Enumerable.Range(0, TinyModel.Dimensions).Select(d => counted.Sum(id => TinyModel.Row(id, d))), ofTexts[i].ToArray());
        }
    }
}
