using System.Text.Json;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Tests.Models;

public sealed class GoldenModelTests
{
    public static TheoryData<string, string?> Good => new()
    {
        { "clip-split", null }, { "clip-monolith", null }, { "clip-external-data", null }, { "clip-fp16", null }, { "clip-fp16", "fp16" },
        { "openclip-immich", null }, { "openclip-uint8", null }, { "siglip-split", null },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public async Task A_good_folder_gives_the_expected_ids_and_embeddings(string name, string? precision)
    {
        string folder = RepositoryPaths.Golden("models", name);
        using JsonDocument document = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, "expected.json"), TestContext.Current.CancellationToken));
        JsonElement expected = document.RootElement;
        float tolerance = expected.GetProperty("tolerance").GetProperty(precision == "fp16" ? "embeddings_fp16" : "embeddings").GetSingle();
        OnnxModelFolder model = OnnxModelFolder.Open(folder, new OnnxModelOptions { Precision = precision is null ? null : ModelPrecision.Parse(precision) });
        using OnnxImageEncoder images = model.CreateImageEncoder(new SkiaImageDecoder());
        using OnnxTextEncoder texts = model.CreateTextEncoder();

        Assert.Equal(expected.GetProperty("dimensions").GetInt32(), images.Info.Dimensions);
        Assert.Equal(expected.GetProperty("unit_length").GetBoolean(), images.Info.IsUnitLength);
        Assert.Equal(images.Info with { Reading = null }, texts.Info);
        Assert.Equal(images.Info.Dimensions, model.Inspect().Dimensions);

        (double imageError, int imageCount) = Compare(
            await images.EncodeAsync(
                [.. expected.GetProperty("images").EnumerateArray().Select(image => ImageData.FromFile(Path.Combine(folder, image.GetProperty("file").GetString()!)))],
                TestContext.Current.CancellationToken),
            expected.GetProperty("images"));
        string[] sentences = [.. expected.GetProperty("texts").EnumerateArray().Select(text => text.GetProperty("text").GetString()!)];
        (double textError, int textCount) = Compare(await texts.EncodeAsync(sentences, TestContext.Current.CancellationToken), expected.GetProperty("texts"));
        foreach (JsonElement text in expected.GetProperty("texts").EnumerateArray())
        {
            TokenizedText ids = model.Tokenize(text.GetProperty("text").GetString()!);
            Assert.Equal(text.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), ids.Ids.Take(ids.Tokens));
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{name} {precision}: {imageCount} images within {imageError:e1}, {textCount} texts within {textError:e1}; {model.ModelId}");
        Assert.Equal(expected.GetProperty("images").GetArrayLength(), imageCount);
        Assert.Equal(expected.GetProperty("texts").GetArrayLength(), textCount);
        Assert.InRange(imageError, 0, tolerance);
        Assert.InRange(textError, 0, tolerance);
    }

    [Theory]
    [InlineData("captioner-merged", 2)]
    [InlineData("captioner-split", 3)]
    [InlineData("captioner-encoder-cache", 2)]
    public void A_captioner_folder_is_recognised_and_gives_no_encoders(string name, int graphs)
    {
        OnnxModelFolder model = OnnxModelFolder.Open(RepositoryPaths.Golden("models", name));

        Assert.Equal("vision-encoder-decoder", model.Inspect().Family);
        Assert.Equal(graphs, model.Inspect().Graphs.Count);
        Assert.Contains("captioner", Assert.Throws<InvalidModelException>(() => model.CreateTextEncoder()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("broken-captioner-no-decoder")]
    [InlineData("broken-config-garbage")]
    [InlineData("broken-dimensions")]
    [InlineData("broken-external-data-missing")]
    [InlineData("broken-no-config")]
    [InlineData("broken-no-projection")]
    [InlineData("broken-no-text-graph")]
    [InlineData("broken-no-tokenizer")]
    [InlineData("broken-preprocessing-size")]
    [InlineData("broken-truncated")]
    [InlineData("broken-unknown-type")]
    public void A_broken_folder_is_refused_in_words_that_help(string name)
    {
        string folder = RepositoryPaths.Golden("models", name);
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        string[] words = [.. expected.RootElement.GetProperty("error").EnumerateArray().Select(word => word.GetString()!)];

        InvalidModelException error = Assert.Throws<InvalidModelException>(() => OnnxModelFolder.Open(folder).CreateTextEncoder().Dispose());

        TestContext.Current.TestOutputHelper!.WriteLine(error.Message);
        Assert.NotEmpty(words);
        Assert.All(words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_without_text_graph_still_encodes_images()
    {
        OnnxModelFolder model = OnnxModelFolder.Open(RepositoryPaths.Golden("models", "broken-no-text-graph"));
        using OnnxImageEncoder images = model.CreateImageEncoder(new SkiaImageDecoder());
        ImageData image = ImageData.FromFile(RepositoryPaths.Golden("models", "clip-split", "images", "exact.png"));

        Assert.Equal(
            GoldenJson.Read(RepositoryPaths.Golden("models", "clip-split", "expected.json")).GetProperty("dimensions").GetInt32(),
            (await images.EncodeAsync(image, TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public void A_precision_that_is_not_there_is_named_beside_those_that_are()
    {
        InvalidModelException error = Assert.Throws<InvalidModelException>(
            () => OnnxModelFolder.Open(RepositoryPaths.Golden("models", "clip-fp16"), new OnnxModelOptions { Precision = ModelPrecision.Q4 }));

        Assert.Contains("vision_model_q4.onnx", error.Message, StringComparison.Ordinal);
        Assert.Contains("vision_model_fp16.onnx (fp16)", error.Message, StringComparison.Ordinal);
    }

    private static (double Error, int Count) Compare(EmbeddingMatrix actual, JsonElement expected)
    {
        double worst = 0;
        int row = 0;
        foreach (JsonElement item in expected.EnumerateArray())
        {
            int column = 0;
            foreach (JsonElement value in item.GetProperty("embedding").EnumerateArray())
            {
                worst = Math.Max(worst, Math.Abs(actual[row][column++] - value.GetDouble()));
            }

            Assert.Equal(actual.Dimensions, column);
            row++;
        }

        return (worst, row);
    }
}
