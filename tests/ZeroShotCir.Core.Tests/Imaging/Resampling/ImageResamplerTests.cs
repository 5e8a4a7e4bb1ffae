using CsCheck;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Resampling;

namespace ZeroShotCir.Tests.Imaging.Resampling;

public sealed class ImageResamplerTests
{
    private static readonly Gen<ResampleFilter> Filters = Gen.Enum<ResampleFilter>();
    private static readonly Gen<int> Edges = Gen.OneOf(Gen.Int[1, 8], Gen.Int[1, 130]);

    [Theory]
    [InlineData(0)]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Every_register_width_equals_the_reference(int bits)
    {
        Assert.SkipUnless(bits != 256 || SixteenSums256.IsSupported, "This processor has no AVX2.");
        Assert.SkipUnless(bits != 512 || SixteenSums512.IsSupported, "This processor has no AVX-512.");
        Gen.Select(Edges, Edges, Edges, Edges, Filters, Gen.Int).Sample(
            (width, height, newWidth, newHeight, filter, seed) =>
            {
                byte[] pixels = Noise(width, height, seed);
                ResizeOrder order = (ResizeOrder)(seed & 1);
                byte[] expected = ReferenceResize.Resize(pixels, width, height, newWidth, newHeight, filter, order);
                byte[] actual = new byte[expected.Length];
                Run(bits, new RgbImage(pixels, width, height), ResampleAxis.Whole(width, newWidth), ResampleAxis.Whole(height, newHeight), filter, order, actual);
                return expected.AsSpan().SequenceEqual(actual);
            },
            iter: 400, print: t => t.ToString());
    }

    [Theory]
    [InlineData(1, 1, 224, 224)]
    [InlineData(1, 3000, 7, 40)]
    [InlineData(3000, 1, 40, 7)]
    [InlineData(3001, 17, 5, 300)]
    [InlineData(17, 3001, 300, 5)]
    [InlineData(640, 427, 335, 224)]
    [InlineData(224, 224, 224, 224)]
    [InlineData(224, 300, 224, 224)]
    [InlineData(300, 224, 224, 224)]
    public void Extreme_sizes_equal_the_reference_for_every_filter(int width, int height, int newWidth, int newHeight)
    {
        byte[] pixels = Noise(width, height, 7);
        foreach (ResampleFilter filter in Enum.GetValues<ResampleFilter>())
        {
            foreach (ResizeOrder order in Enum.GetValues<ResizeOrder>())
            {
                RgbImage resized = ImageResampler.Resize(new RgbImage(pixels, width, height), newWidth, newHeight, filter, order);
                Assert.Equal((newWidth, newHeight), (resized.Width, resized.Height));
                Assert.True(resized.Pixels.Span.SequenceEqual(ReferenceResize.Resize(pixels, width, height, newWidth, newHeight, filter, order)), $"{filter} {order}");
            }
        }
    }

    [Fact]
    public void Overshoot_beyond_black_and_white_is_cut_as_in_the_reference()
    {
        // White surrounded by black: the strongest overshoot a cubic has.
        byte[] pixels = new byte[64 * 64 * 3];
        pixels.AsSpan(64 * 20 * 3, 64 * 24 * 3).Fill(255);
        RgbImage resized = ImageResampler.Resize(new RgbImage(pixels, 64, 64), 63, 190, ResampleFilter.Lanczos);
        Assert.True(resized.Pixels.Span.SequenceEqual(ReferenceResize.Resize(pixels, 64, 64, 63, 190, ResampleFilter.Lanczos)));
    }

    [Fact]
    public void A_kept_part_equals_the_same_part_of_the_whole()
    {
        Gen.Select(Gen.Int[1, 90], Gen.Int[1, 90], Gen.Int[1, 90], Gen.Int[1, 90], Filters, Gen.Int[0, 1_000_000]).Sample(
            (width, height, newWidth, newHeight, filter, seed) =>
            {
                ResizeOrder order = (ResizeOrder)(seed & 1);
                Random random = new(seed);
                byte[] pixels = Noise(width, height, seed);
                (int x, int y) = (random.Next(-5, newWidth), random.Next(-5, newHeight));
                (int columns, int rows) = (random.Next(1, newWidth + 10), random.Next(1, newHeight + 10));
                byte[] whole = ReferenceResize.Resize(pixels, width, height, newWidth, newHeight, filter, order);
                byte[] expected = [.. Enumerable.Repeat((byte)9, columns * rows * 3)];
                for (int i = 0; i < expected.Length; i++)
                {
                    (int fromX, int fromY) = ((i / 3 % columns) + x, (i / 3 / columns) + y);
                    if (fromX >= 0 && fromX < newWidth && fromY >= 0 && fromY < newHeight)
                    {
                        expected[i] = whole[(((fromY * newWidth) + fromX) * 3) + (i % 3)];
                    }
                }

                byte[] actual = [.. Enumerable.Repeat((byte)9, columns * rows * 3)];
                ImageResampler.Resample(
                    new RgbImage(pixels, width, height),
                    ResampleWeights.Compute(new ResampleAxis(width, 0, newWidth, x, columns), filter),
                    ResampleWeights.Compute(new ResampleAxis(height, 0, newHeight, y, rows), filter),
                    order, actual);
                return expected.AsSpan().SequenceEqual(actual);
            },
            iter: 500, print: t => t.ToString());
    }

    [Fact]
    public void Weights_that_a_pass_holds_stay_what_they_were_however_many_others_are_asked_for()
    {
        ResampleCache cache = new();
        ResampleWeights[] held = [.. Enumerable.Range(1, 200).Select(edge => cache.WeightsOf(ResampleAxis.Whole(edge, 20), ResampleFilter.Bicubic))];
        for (int edge = 200; edge >= 1; edge--)
        {
            ResampleAxis axis = ResampleAxis.Whole(edge, 20);
            ResampleWeights fresh = ResampleWeights.Compute(axis, ResampleFilter.Bicubic);
            Assert.Equal(axis, held[edge - 1].Axis);
            for (int i = 0; i < axis.Computed; i++)
            {
                Assert.Equal(fresh.StartOf(i), held[edge - 1].StartOf(i));
                Assert.True(fresh.At(i).SequenceEqual(held[edge - 1].At(i)));
            }
        }
    }

    [Fact]
    public void An_image_millions_of_times_longer_than_wide_is_refused()
    {
        RgbImage image = new(new byte[60_000_000], 20_000_000, 1);
        InvalidImageException exception = Assert.Throws<InvalidImageException>(() => ImageResampler.Resize(image, 224, 224));
        Assert.Contains("20000000", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, "width")]
    [InlineData(1, 0, "height")]
    public void Sizes_below_one_are_refused(int width, int height, string parameter)
        => Assert.Throws<ArgumentOutOfRangeException>(parameter, () => ImageResampler.Resize(new RgbImage(new byte[3], 1, 1), width, height));

    [Fact]
    public void An_unknown_filter_is_refused()
        => Assert.Throws<ArgumentOutOfRangeException>("filter", () => ImageResampler.Resize(new RgbImage(new byte[3], 1, 1), 2, 2, (ResampleFilter)6));

    internal static byte[] Noise(int width, int height, int seed)
    {
        byte[] pixels = new byte[width * height * 3];
        Random random = new(seed);
        random.NextBytes(pixels);

        // Half of the pictures are of pure black and white: there cubics overshoot and sums grow largest.
        return seed % 2 == 0 ? pixels : [.. pixels.Select(p => p < 128 ? (byte)0 : (byte)255)];
    }

    private static void Run(int bits, RgbImage image, ResampleAxis columns, ResampleAxis rows, ResampleFilter filter, ResizeOrder order, byte[] destination)
    {
        ResampleWeights horizontal = ResampleWeights.Compute(columns, filter), vertical = ResampleWeights.Compute(rows, filter);
        using RowResampler resampler = bits switch
        {
            0 => new RowResampler<NoRegisters>(horizontal, vertical, order, isTransposed: false, destination),
            128 => new RowResampler<SixteenSums128>(horizontal, vertical, order, isTransposed: false, destination),
            256 => new RowResampler<SixteenSums256>(horizontal, vertical, order, isTransposed: false, destination),
            _ => new RowResampler<SixteenSums512>(horizontal, vertical, order, isTransposed: false, destination),
        };
        resampler.Add(image.Pixels.Span);
        resampler.Finish();
    }
}
