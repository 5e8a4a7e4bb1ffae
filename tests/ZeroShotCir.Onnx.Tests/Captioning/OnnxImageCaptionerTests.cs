using System.Text.Json;
using ZeroShotCir.Captions;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx.Captioning;
using ZeroShotCir.Onnx.Errors;

namespace ZeroShotCir.Tests.Captioning;

public class OnnxImageCaptionerTests
{
    private static readonly SkiaImageDecoder Decoder = new();

    [Theory]
    [InlineData("captioner-merged")]
    [InlineData("captioner-split")]
    [InlineData("captioner-encoder-cache")]
    public async Task Captions_equal_the_golden_ones_by_every_search(string name)
    {
        string folder = RepositoryPaths.Golden("models", name);
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        int compared = 0;
        foreach ((string key, OnnxCaptionerOptions options, int? length) in new (string, OnnxCaptionerOptions, int?)[]
        {
            ("greedy", new(), null),

            // The golden length counts the start token, ours the tokens that are written.
            ("greedy_max_length_6", new(), 5),
            ("beam3", new() { Beams = 3 }, null),
            ("beam3_early_stopping", new() { Beams = 3, EarlyStopping = true }, null),
        })
        {
            using OnnxImageCaptioner captioner = OnnxImageCaptioner.Open(folder, Decoder, options);
            foreach (JsonElement image in expected.RootElement.GetProperty("images").EnumerateArray())
            {
                ImageData data = ImageData.FromFile(Path.Combine(folder, image.GetProperty("file").GetString()!));
                CaptionSequence best = captioner.Decode(data, new CaptionOptions { MaxTokens = length }, CancellationToken.None)[0];
                JsonElement golden = image.GetProperty(key);
                Assert.Equal(golden.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), best.Ids);
                Assert.Equal(
                    golden.GetProperty("text").GetString(),
                    (await captioner.CaptionAsync(data, new CaptionOptions { MaxTokens = length }, TestContext.Current.CancellationToken))[0]);
                if (golden.TryGetProperty("score", out JsonElement score))
                {
                    Assert.Equal(score.GetDouble(), best.Score, 1e-4);
                }

                compared++;
            }
        }

        Assert.Equal(4 * expected.RootElement.GetProperty("images").GetArrayLength(), compared);
        TestContext.Current.TestOutputHelper?.WriteLine($"{compared} captions of {name} are equal");
    }

    [Fact]
    public async Task The_captioner_of_TinyFashion_writes_the_expected_captions()
    {
        using OnnxImageCaptioner captioner = OnnxImageCaptioner.Open(Path.Combine(RepositoryPaths.TinyFashion, "models", "captioner"), Decoder);
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RepositoryPaths.TinyFashion, "data", "expected.json")));
        int compared = 0;
        foreach (JsonElement caption in expected.RootElement.GetProperty("greedy_captions").EnumerateArray())
        {
            ImageData image = ImageData.FromFile(Path.Combine(RepositoryPaths.TinyFashion, "data", caption.GetProperty("file").GetString()!));
            Assert.Equal(caption.GetProperty("text").GetString(), (await captioner.CaptionAsync(image, cancellationToken: TestContext.Current.CancellationToken))[0]);
            compared++;
        }

        Assert.Equal(10, compared);
    }

    [Fact]
    public async Task The_same_seed_samples_the_same_distinct_captions()
    {
        using OnnxImageCaptioner captioner = OnnxImageCaptioner.Open(Path.Combine(RepositoryPaths.TinyFashion, "models", "captioner"), Decoder);
        ImageData image = ImageData.FromFile(Directory.EnumerateFiles(Path.Combine(RepositoryPaths.TinyFashion, "data", "fashioniq", "images")).Order().First());
        CaptionOptions options = new() { Count = 3, Seed = 7 };

        IReadOnlyList<string> first = await captioner.CaptionAsync(image, options, TestContext.Current.CancellationToken);
        IReadOnlyList<string> second = await captioner.CaptionAsync(image, options, TestContext.Current.CancellationToken);

        Assert.Equal(first, second);
        Assert.Equal(first.Count, first.Distinct().Count());
        Assert.InRange(first.Count, 2, 3);
    }

    [Fact]
    public async Task A_cancelled_call_throws_and_the_captioner_stays_usable()
    {
        using OnnxImageCaptioner captioner = OnnxImageCaptioner.Open(Path.Combine(RepositoryPaths.TinyFashion, "models", "captioner"), Decoder);
        ImageData image = ImageData.FromFile(Directory.EnumerateFiles(Path.Combine(RepositoryPaths.TinyFashion, "data", "fashioniq", "images")).Order().First());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await captioner.CaptionAsync(image, cancellationToken: new CancellationToken(canceled: true)));
        Assert.Single(await captioner.CaptionAsync(image, cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_folder_without_decoder_is_refused_by_name()
    {
        string folder = RepositoryPaths.Golden("models", "broken-captioner-no-decoder");

        InvalidModelException error = Assert.Throws<InvalidModelException>(() => OnnxImageCaptioner.Open(folder, Decoder));

        Assert.Contains("decoder_model", error.Message, StringComparison.Ordinal);
        Assert.Contains("encoder_model.onnx", error.Message, StringComparison.Ordinal);
    }
}
