using System.Text.Json.Nodes;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Tests.Graphs;

namespace ZeroShotCir.Tests.Joint;

/// <summary>What a model that reads images and texts together cannot do is a typed error that says so.</summary>
public sealed class JointRefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public JointRefusalTests() => TinyJointModel.Write(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("like <|image|> but red", "no image stands there")]
    [InlineData("like <|video|>", "sound or video")]
    [InlineData("like <|audio|>", "sound or video")]
    public async Task A_text_must_not_spell_what_it_does_not_bring(string text, string words)
    {
        OnnxModelFolder model = Open();
        using OnnxComposedEncoder encoder = model.CreateComposedEncoder(new PlainDecoder());
        using OnnxTextEncoder texts = model.CreateTextEncoder();
        InvalidComposedInputException e = await Assert.ThrowsAsync<InvalidComposedInputException>(
            async () => await Encode(encoder, new ComposedInput("fine"), new ComposedInput(text)));

        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.Equal(1, e.Index);
        await Assert.ThrowsAsync<InvalidComposedInputException>(async () => await texts.EncodeAsync(text, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_place_spelled_across_parts_is_found_by_counting()
    {
        using OnnxComposedEncoder encoder = Open().CreateComposedEncoder(new PlainDecoder());
        InvalidComposedInputException e = await Assert.ThrowsAsync<InvalidComposedInputException>(
            async () => await Encode(
                encoder, new ComposedInput(ComposedPart.FromText("<|ima"), ComposedPart.FromText("ge|>"), ComposedPart.FromImage(PlainDecoder.Image(10, 4, 4)))));

        Assert.Contains("65 places", e.Message, StringComparison.Ordinal);
        Assert.Contains("64", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_longer_than_the_context_is_refused_but_a_text_alone_is_cut()
    {
        OnnxModelFolder model = Open();
        string text = string.Join(' ', Enumerable.Repeat("zebra", 500));
        using OnnxComposedEncoder encoder = model.CreateComposedEncoder(new PlainDecoder());
        using OnnxTextEncoder texts = model.CreateTextEncoder();
        InvalidComposedInputException e = await Assert.ThrowsAsync<InvalidComposedInputException>(
            async () => await Encode(encoder, new ComposedInput(text, PlainDecoder.Image(10, 4, 4))));

        Assert.Contains("400", e.Message, StringComparison.Ordinal);
        Assert.Contains("64", e.Message, StringComparison.Ordinal);
        Assert.NotEmpty(await texts.EncodeAsync(text, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_bad_image_is_named_by_its_input()
    {
        using OnnxComposedEncoder encoder = Open().CreateComposedEncoder(new PlainDecoder());
        InvalidImageException e = await Assert.ThrowsAsync<InvalidImageException>(
            async () => await Encode(
                encoder,
                new ComposedInput("a", PlainDecoder.Image(1, 4, 4), PlainDecoder.Image(2, 4, 4)),
                new ComposedInput("a"),
                new ComposedInput("b", PlainDecoder.Image(0, 4, 4))));

        Assert.Equal(2, e.Index);
        Assert.NotEmpty(await encoder.EncodeAsync(new ComposedInput("a"), EncodingRole.Query, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Good_images_beside_bad_ones_are_encoded_in_one_pass()
    {
        PlainDecoder decoder = new();
        using OnnxImageEncoder encoder = OnnxModelFolder.Open(_folder.Path, new OnnxModelOptions { BatchSize = 2 }).CreateImageEncoder(decoder);
        ImageData[] images = [.. new byte[] { 0, 10, 20, 0, 30 }.Select(shade => PlainDecoder.Image(shade, 4, 4))];
        float[] rows = new float[images.Length * TinyJointModel.Width];
        IReadOnlyList<InvalidImageException> bad = await encoder.EncodeValidAsync(images, rows, TestContext.Current.CancellationToken);

        Assert.Equal([0, 3], bad.Select(e => e.Index));
        Assert.Equal(images.Length, decoder.Count);
        for (int i = 0; i < images.Length; i++)
        {
            float[] expected = i is 0 or 3 ? new float[TinyJointModel.Width] : await encoder.EncodeAsync(images[i], TestContext.Current.CancellationToken);
            Assert.Equal(expected, rows[(i * TinyJointModel.Width)..((i + 1) * TinyJointModel.Width)]);
        }
    }

    [Fact]
    public async Task A_graph_that_makes_other_soft_tokens_than_the_settings_want_is_refused()
    {
        TinyJointModel.Vision(keepsPadding: true).Save(_folder.File("onnx", "vision_encoder.onnx"));
        using OnnxImageEncoder encoder = Open().CreateImageEncoder(new PlainDecoder());
        InvalidModelException refusal = await Assert.ThrowsAsync<InvalidModelException>(
            async () => await encoder.EncodeAsync(PlainDecoder.Image(10, 4, 4), TestContext.Current.CancellationToken));
        string message = refusal.Message;

        Assert.Contains("70 × 6", message, StringComparison.Ordinal);
        Assert.Contains("64 soft tokens × 6", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_budget_that_is_none_is_refused()
    {
        Assert.Contains("1120", Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxModelOptions { SoftTokens = 100 }).Message, StringComparison.Ordinal);
        EditImages(images => images["max_soft_tokens"] = 100);
        string message = Assert.Throws<InvalidModelException>(() => Open()).Message;

        Assert.Contains("max_soft_tokens", message, StringComparison.Ordinal);
        Assert.Contains("280", message, StringComparison.Ordinal);
        OnnxModelFolder.Open(_folder.Path, new OnnxModelOptions { SoftTokens = 70 });
    }

    [Theory]
    [InlineData("do_resize", "false")]
    [InlineData("do_normalize", "true")]
    [InlineData("resample", "7")]
    [InlineData("patch_size", "-1")]
    [InlineData("max_soft_tokens", "\"many\"")]
    public void Settings_that_change_pixels_in_another_way_are_named(string field, string value)
    {
        EditImages(images =>
        {
            images["image_mean"] = new JsonArray(0.5, 0.5, 0.5);
            images[field] = JsonNode.Parse(value);
        });

        Assert.Contains(field, Assert.Throws<InvalidModelException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_sound_alone_is_no_encoder()
    {
        File.Move(_folder.File("onnx", "model.onnx"), _folder.File("onnx", "audio_encoder.onnx"));
        File.Delete(_folder.File("onnx", "vision_encoder.onnx"));
        string message = Assert.Throws<InvalidModelException>(() => Open()).Message;

        Assert.Contains("sound alone", message, StringComparison.Ordinal);
        Assert.Contains("audio_encoder.onnx", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_are_not_there_are_named()
    {
        TinyJointModel.Text().ExternalWeights("table", "model.onnx_data", 2, 2).Save(_folder.File("onnx", "model.onnx"));

        Assert.Contains("model.onnx_data", Assert.Throws<InvalidModelException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_that_names_another_place_of_images_is_refused()
    {
        File.WriteAllText(_folder.File("config.json"), """{"model_type": "embedding_gemma2", "image_token_id": 5}""");

        Assert.Contains("<|image|>", Assert.Throws<InvalidModelException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_encodes_apart_composes_nothing_and_has_one_size()
    {
        string clip = Path.Combine(RepositoryPaths.TinyFashion, "models", "clip");

        Assert.Contains(
            "embedding_gemma2", Assert.Throws<InvalidModelException>(() => OnnxModelFolder.Open(clip).CreateComposedEncoder(new PlainDecoder())).Message, StringComparison.Ordinal);
        Assert.Contains(
            "Dimensions", Assert.Throws<InvalidModelException>(() => OnnxModelFolder.Open(clip, new OnnxModelOptions { Dimensions = 16 })).Message, StringComparison.Ordinal);
    }

    private OnnxModelFolder Open() => OnnxModelFolder.Open(_folder.Path);

    private static async Task Encode(OnnxComposedEncoder encoder, params ComposedInput[] inputs)
        => await encoder.EncodeAsync(inputs, EncodingRole.Query, new float[inputs.Length * encoder.Info.Dimensions], TestContext.Current.CancellationToken);

    private void EditImages(Action<JsonNode> edit)
    {
        string file = _folder.File("processor_config.json");
        JsonNode settings = JsonNode.Parse(File.ReadAllText(file))!;
        edit(settings["image_processor"]!);
        File.WriteAllText(file, settings.ToJsonString());
    }
}
