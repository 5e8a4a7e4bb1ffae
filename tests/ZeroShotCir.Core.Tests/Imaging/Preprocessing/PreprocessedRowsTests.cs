using CsCheck;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Resampling;
using ZeroShotCir.Tests.Imaging.Resampling;

namespace ZeroShotCir.Tests.Imaging.Preprocessing;

/// <summary>Pictures whose rows come a few at a time, in whatever way they are stored.</summary>
public sealed class PreprocessedRowsTests
{
    private static readonly Gen<int> Edges = Gen.OneOf(Gen.Int[1, 8], Gen.Int[1, 130], Gen.Int[130, 300]);

    [Fact]
    public void Rows_that_come_a_few_at_a_time_equal_the_picture_turned_and_resized_by_the_reference()
    {
        Gen.Select(Edges, Edges, Edges, Edges, Gen.Enum<ResampleFilter>(), Gen.Int[0, 1_000_000]).Sample(
            (width, height, newWidth, newHeight, filter, seed) =>
            {
                Random random = new(seed);
                ResizeOrder order = (ResizeOrder)random.Next(2);
                ExifOrientation orientation = (ExifOrientation)random.Next(1, 9);

                // Now and then one edge keeps its size, so that its pass copies.
                (newWidth, newHeight) = random.Next(4) switch { 0 => (width, newHeight), 1 => (newWidth, width), _ => (newWidth, newHeight) };
                byte[] pixels = ImageResamplerTests.Noise(width, height, seed);
                using RgbImage upright = new RgbImage(pixels, width, height).Turn(orientation);
                byte[] expected = ReferenceResize.Resize(upright.Pixels.ToArray(), upright.Width, upright.Height, newWidth, newHeight, filter, order);
                ImageSize size = new(newWidth, newHeight);
                ImagePreprocessor preprocessor = new(new ImagePreprocessing { Resize = ResizeMode.Exact, Size = size, Crop = null, Filter = filter, ResizeOrder = order });
                byte[] actual = new byte[expected.Length];
                ImageSize read = preprocessor.PreprocessToBytes(new RowByRow(pixels, width, height, orientation, random), Image, new DecodeOptions(), actual);
                return expected.AsSpan().SequenceEqual(actual) && read == new ImageSize(upright.Width, upright.Height);
            },
            iter: 800, print: t => t.ToString());
    }

    [Fact]
    public void Padded_and_cropped_rows_equal_the_whole_picture()
    {
        Gen.Select(Edges, Edges, Gen.Enum<ResizeMode>(), Gen.Enum<ResampleFilter>(), Gen.Int[0, 1_000_000]).Sample(
            (width, height, mode, filter, seed) =>
            {
                Random random = new(seed);
                ExifOrientation orientation = (ExifOrientation)random.Next(1, 9);
                byte[] pixels = ImageResamplerTests.Noise(width, height, seed);
                using RgbImage upright = new RgbImage(pixels, width, height).Turn(orientation);
                ImagePreprocessor preprocessor = new(new ImagePreprocessing
                {
                    Resize = mode,
                    Size = ImageSize.Square(random.Next(1, 60)),
                    Crop = new ImageSize(random.Next(1, 60), random.Next(1, 60)),
                    Padding = random.Next(2) == 0 ? ImagePadding.Target(1.25) : null,
                    Filter = filter,
                    FillValue = 9,
                    ResizeOrder = (ResizeOrder)random.Next(2),
                });
                float[] expected = new float[3 * preprocessor.Width * preprocessor.Height], actual = new float[expected.Length];
                preprocessor.Preprocess(upright, expected);
                preprocessor.Preprocess(new RowByRow(pixels, width, height, orientation, random), Image, new DecodeOptions(), actual);
                return expected.AsSpan().SequenceEqual(actual);
            },
            iter: 800, print: t => t.ToString());
    }

    [Fact]
    public void A_decoder_that_starts_over_is_forgiven()
    {
        byte[] pixels = ImageResamplerTests.Noise(90, 70, 4);
        ImagePreprocessor preprocessor = new(new ImagePreprocessing { Size = ImageSize.Square(32), Crop = ImageSize.Square(32) });
        byte[] expected = new byte[3 * 32 * 32], actual = new byte[expected.Length];
        preprocessor.PreprocessToBytes(new RgbImage(pixels, 90, 70), expected);
        preprocessor.PreprocessToBytes(new RowByRow(pixels, 90, 70, ExifOrientation.Upright, new Random(1)) { BeginsTwice = true }, Image, new DecodeOptions(), actual);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void What_is_bad_leaves_the_destination_alone_and_is_named()
    {
        ImagePreprocessor preprocessor = new(new ImagePreprocessing { Size = ImageSize.Square(8), Crop = ImageSize.Square(8) });
        float[] destination = [.. Enumerable.Repeat(7f, 3 * 8 * 8)];
        RowByRow decoder = new(new byte[20 * 20 * 3], 20, 20, ExifOrientation.Upright, new Random(1)) { EndsEarly = true };
        InvalidImageException exception = Assert.Throws<InvalidImageException>(
            () => preprocessor.Preprocess(decoder, ImageData.FromBytes(new byte[1], source: "holiday.jpg"), new DecodeOptions(), destination));
        Assert.Contains("holiday.jpg", exception.Message, StringComparison.Ordinal);
        Assert.All(destination, value => Assert.Equal(7f, value));
        Assert.Throws<ArgumentException>(() => preprocessor.Preprocess(decoder, Image, new DecodeOptions(), new float[5]));
    }

    private static ImageData Image { get; } = ImageData.FromBytes(new byte[1]);

    /// <summary>Hands stored rows on, a random number at a time, in memory that is overwritten.</summary>
    private sealed class RowByRow(byte[] pixels, int width, int height, ExifOrientation orientation, Random random) : IImageDecoder
    {
        public string Name => "rows";

        public bool BeginsTwice { get; init; }

        public bool EndsEarly { get; init; }

        public RgbImage Decode(ReadOnlySpan<byte> encoded, DecodeOptions options) => throw new NotSupportedException();

        public void DecodeRows(ReadOnlySpan<byte> encoded, DecodeOptions options, IImageRowReceiver receiver)
        {
            if (BeginsTwice)
            {
                receiver.Begin(5, 50, ExifOrientation.TurnLeft);
                receiver.Add(new byte[5 * 20 * 3]);
            }

            receiver.Begin(width, height, orientation);
            byte[] strip = new byte[width * 100 * 3];
            for (int y = 0; y < height;)
            {
                if (EndsEarly && y > 0)
                {
                    throw new InvalidImageException("The end is missing.");
                }

                int rows = Math.Min(height - y, random.Next(3) == 0 ? random.Next(1, 100) : random.Next(1, 20));
                Span<byte> some = strip.AsSpan(0, rows * width * 3);
                pixels.AsSpan(y * width * 3, some.Length).CopyTo(some);
                receiver.Add(some);
                some.Fill(0xEE);
                y += rows;
            }
        }
    }
}
