using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Resampling;
using ZeroShotCir.Tests.Imaging.Resampling;

namespace ZeroShotCir.Tests.Imaging.Preprocessing;

public sealed class ImagePreprocessorTests
{
    private static readonly ImagePreprocessing Untouched = new()
    {
        Resize = ResizeMode.None,
        Crop = new ImageSize(5, 5),
        RescaleFactor = 1,
        Mean = default,
        Std = new RgbValues(1, 1, 1),
    };

    [Theory]
    [InlineData(90, 60, 1.0)]
    [InlineData(60, 91, 1.25)]
    [InlineData(200, 30, 1.25)]
    [InlineData(30, 200, 1.0)]
    [InlineData(64, 60, 1.25)]
    [InlineData(1, 500, 1.0)]
    public void Padding_equals_borders_that_were_really_drawn(int width, int height, double ratio)
    {
        // The padding of CLIP4Cir, step by step.
        double longest = Math.Max(width, height);
        (int columns, int rows) = longest / Math.Min(width, height) < ratio
            ? (0, 0)
            : (Math.Max((int)(((longest / ratio) - width) / 2), 0), Math.Max((int)(((longest / ratio) - height) / 2), 0));
        (int paddedWidth, int paddedHeight) = (width + (2 * columns), height + (2 * rows));
        byte[] pixels = ImageResamplerTests.Noise(width, height, 3);
        byte[] padded = new byte[paddedWidth * paddedHeight * 3];
        for (int y = 0; y < height; y++)
        {
            pixels.AsSpan(y * width * 3, width * 3).CopyTo(padded.AsSpan((((y + rows) * paddedWidth) + columns) * 3));
        }

        foreach (ResampleFilter filter in Enum.GetValues<ResampleFilter>())
        {
            ImagePreprocessing plain = new() { Size = ImageSize.Square(48), Crop = ImageSize.Square(48), Filter = filter };
            ImagePreprocessing padding = plain with { Padding = ratio == 1 ? ImagePadding.Square : ImagePadding.Target(ratio) };
            Assert.Equal(Bytes(plain, padded, paddedWidth, paddedHeight), Bytes(padding, pixels, width, height));
        }
    }

    [Theory]
    [InlineData(100, 51, ResizeMode.ShortestEdge, 40, 40, 78, 40)]
    [InlineData(51, 100, ResizeMode.ShortestEdge, 40, 40, 40, 78)]
    [InlineData(100, 51, ResizeMode.LongestEdge, 40, 40, 40, 20)]
    [InlineData(100, 51, ResizeMode.ShortestEdge, 40, 30, 59, 30)]
    [InlineData(100, 51, ResizeMode.Exact, 40, 30, 40, 30)]
    [InlineData(100, 51, ResizeMode.None, 40, 30, 100, 51)]
    [InlineData(1000, 1, ResizeMode.LongestEdge, 40, 40, 40, 1)]
    public void Resize_modes_give_the_sizes_of_the_reference_programs(int width, int height, ResizeMode mode, int sizeWidth, int sizeHeight, int expectedWidth, int expectedHeight)
    {
        // Keeping exactly the expected size shows it whole, so it must equal a plain resize to that size.
        ImagePreprocessing settings = new() { Resize = mode, Size = new ImageSize(sizeWidth, sizeHeight), Crop = new ImageSize(expectedWidth, expectedHeight) };
        byte[] pixels = ImageResamplerTests.Noise(width, height, 4);
        Assert.Equal(
            ReferenceResize.Resize(pixels, width, height, expectedWidth, expectedHeight, ResampleFilter.Bicubic),
            Bytes(settings, pixels, width, height));
    }

    [Theory]
    [InlineData(CropRounding.Floor, 6, 0)]
    [InlineData(CropRounding.Floor, 8, 1)]
    [InlineData(CropRounding.Floor, 12, 3)]
    [InlineData(CropRounding.HalfToEven, 6, 0)]
    [InlineData(CropRounding.HalfToEven, 8, 2)]
    [InlineData(CropRounding.HalfToEven, 12, 4)]
    [InlineData(CropRounding.HalfToEven, 10, 2)]
    public void A_crop_begins_where_the_reference_programs_begin(CropRounding rounding, int width, int expected)
    {
        byte[] pixels = ImageResamplerTests.Noise(width, 5, 8);
        byte[] actual = Bytes(Untouched with { CropRounding = rounding }, pixels, width, 5);
        Assert.Equal(pixels.AsSpan(expected * 3, 15), actual.AsSpan(0, 15));
    }

    [Theory]
    [InlineData(CropRounding.Floor, 2)]
    [InlineData(CropRounding.HalfToEven, 1)]
    public void A_crop_that_exceeds_the_image_surrounds_it_with_the_fill_value(CropRounding rounding, int expected)
    {
        byte[] actual = Bytes(Untouched with { CropRounding = rounding, FillValue = 200 }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 2, 2);
        byte[] wanted = [.. Enumerable.Repeat((byte)200, 75)];
        new byte[] { 1, 2, 3, 4, 5, 6 }.CopyTo(wanted, ((expected * 5) + expected) * 3);
        new byte[] { 7, 8, 9, 10, 11, 12 }.CopyTo(wanted, (((expected + 1) * 5) + expected) * 3);
        Assert.Equal(wanted, actual);
    }

    [Fact]
    public void Without_rescaling_and_normalising_a_tensor_holds_the_bytes_plane_by_plane()
    {
        byte[] pixels = ImageResamplerTests.Noise(5, 5, 2);
        float[] tensor = new float[75];
        new ImagePreprocessor(Untouched).Preprocess(new RgbImage(pixels, 5, 5), tensor);
        Assert.Equal(Enumerable.Range(0, 75).Select(i => (float)pixels[(i % 25 * 3) + (i / 25)]), tensor);
    }

    [Fact]
    public void Known_sizes_allocate_next_to_nothing_and_new_ones_no_more_than_their_weights()
    {
        ImagePreprocessor preprocessor = new(new ImagePreprocessing());
        RgbImage[] images = [.. Enumerable.Range(0, 50).Select(i => new RgbImage(new byte[(300 + i) * (500 - i) * 3], 300 + i, 500 - i))];
        float[] tensor = new float[3 * 224 * 224];
        for (int round = 0; round < 3; round++)
        {
            foreach (RgbImage image in images)
            {
                preprocessor.Preprocess(image, tensor);
            }
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (RgbImage image in images)
        {
            preprocessor.Preprocess(image, tensor);
        }

        // Two tables of 224 × 11 weights an image; its pixels would be twenty times as much.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50 * 40_000);
        preprocessor.Preprocess(images[0], tensor);
        before = GC.GetAllocatedBytesForCurrentThread();
        preprocessor.Preprocess(images[0], tensor);

        // What keeps the rows of one picture on their way, and none of its pixels.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 512);
    }

    [Fact]
    public void Concurrent_callers_get_what_a_single_one_gets()
    {
        ImagePreprocessor preprocessor = new(new ImagePreprocessing { Size = ImageSize.Square(32), Crop = ImageSize.Square(32) });
        RgbImage[] images = [.. Enumerable.Range(0, 24).Select(i => new RgbImage(ImageResamplerTests.Noise(40 + i, 90 - i, i), 40 + i, 90 - i))];
        byte[][] expected = [.. images.Select(Run)];
        Parallel.For(0, 200, i => Assert.Equal(expected[i % images.Length], Run(images[i % images.Length])));

        byte[] Run(RgbImage image)
        {
            byte[] bytes = new byte[3 * 32 * 32];
            preprocessor.PreprocessToBytes(image, bytes);
            return bytes;
        }
    }

    [Fact]
    public void Destinations_of_another_length_are_refused()
    {
        ImagePreprocessor preprocessor = new(Untouched);
        RgbImage image = new(new byte[75], 5, 5);
        Assert.Throws<ArgumentException>("destination", () => preprocessor.Preprocess(image, new float[74]));
        Assert.Throws<ArgumentException>("destination", () => preprocessor.PreprocessToBytes(image, new byte[76]));
    }

    [Fact]
    public void Settings_whose_output_size_depends_on_the_image_are_refused()
        => Assert.Throws<ArgumentException>("settings", () => new ImagePreprocessor(new ImagePreprocessing { Crop = null }));

    private static byte[] Bytes(ImagePreprocessing settings, byte[] pixels, int width, int height)
    {
        ImagePreprocessor preprocessor = new(settings);
        byte[] bytes = new byte[3 * preprocessor.Width * preprocessor.Height];
        preprocessor.PreprocessToBytes(new RgbImage(pixels, width, height), bytes);
        return bytes;
    }
}
