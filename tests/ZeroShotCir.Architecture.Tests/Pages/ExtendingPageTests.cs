using System.Reflection;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;

namespace ZeroShotCir.Tests.Pages;

/// <summary>The parts that the page writes for its readers do what it says of them.</summary>
public class ExtendingPageTests
{
    private static readonly Lazy<Assembly> Written = new(() =>
    {
        using MemoryStream compiled = new();
        Assert.True(PageCompilation.Create(Page.Named("docs/extending.md").Code).Emit(compiled).Success);
        return Assembly.Load(compiled.ToArray());
    });

    [Fact]
    public async Task The_encoder_writes_mean_colors()
    {
        string[] files = [.. Directory.GetFiles(Path.Combine(RepositoryPaths.TinyFashion, "data", "cirr"), "*.png", SearchOption.AllDirectories).Take(3)];
        IImageEncoder encoder = (IImageEncoder)Activator.CreateInstance(TypeOf("MeanColor"), new SkiaImageDecoder())!;

        EmbeddingMatrix rows = await encoder.EncodeAsync([.. files.Select(file => ImageData.FromFile(file))], TestContext.Current.CancellationToken);

        for (int i = 0; i < files.Length; i++)
        {
            using RgbImage image = new SkiaImageDecoder().Decode(ImageData.FromFile(files[i]));
            byte[] pixels = image.Pixels.ToArray();
            for (int channel = 0; channel < 3; channel++)
            {
                Assert.Equal(pixels.Where((_, p) => p % 3 == channel).Average(value => (double)value), rows[i][channel], 0.01);
            }
        }
    }

    [Fact]
    public void The_decoder_reads_gray_pictures_and_refuses_others()
    {
        DecoderChain decoder = new(new SkiaImageDecoder(), (IImageDecoder)Activator.CreateInstance(TypeOf("PgmDecoder"))!);
        byte[] picture = [.. "P5\n3 2\n255\n"u8, 0, 10, 20, 30, 40, 255];

        using RgbImage image = decoder.Decode(picture, new DecodeOptions());

        Assert.Equal((3, 2), (image.Width, image.Height));
        Assert.Equal([0, 0, 0, 10, 10, 10, 20, 20, 20, 30, 30, 30, 40, 40, 40, 255, 255, 255], image.Pixels.ToArray());
        Assert.Throws<InvalidImageException>(() => decoder.Decode(picture.AsSpan(..^1), new DecodeOptions()));
        Assert.Throws<InvalidImageException>(() => decoder.Decode("P5\n3 2\n65535\n"u8, new DecodeOptions()));
        Assert.Throws<InvalidImageException>(() => decoder.Decode("P5\n99999 99999\n255\n"u8, new DecodeOptions()));
    }

    [Fact]
    public void The_strategy_is_the_weighted_harmonic_mean()
    {
        StrategyDefinition row = (StrategyDefinition)TypeOf("HarmonicMean").GetProperty("Row")!.GetValue(null)!;
        RowStrategy strategy = (RowStrategy)row.Create(alpha: 0.25);
        TermSet terms = new TermSet(2).Add(TermRole.Image, [1f, 0]).Add(TermRole.Text, [0, 1f]);

        float[] scores = strategy.Score(terms, new SimilarityRows([0.5f, 0.2f, -0.1f, 0.25f, 0.2f, 0.9f], [0, 3], 3));

        Assert.Equal([1 / ((0.75 / 0.5) + (0.25 / 0.25)), 0.2, 0], scores.Select(score => (double)score), (expected, score) => Math.Abs(expected - score) < 1e-6);
    }

    private static Type TypeOf(string name) => Written.Value.GetTypes().Single(type => type.Name == name);
}
