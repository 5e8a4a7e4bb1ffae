using SkiaSharp;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Resampling;
using ZeroShotCir.Imaging.Skia;

namespace ZeroShotCir.Tests;

/// <summary>Pictures that are preprocessed while they are decoded equal those that are decoded first, and the same ones are refused.</summary>
public sealed class DecodedRowsTests
{
    private static readonly SkiaImageDecoder Decoder = new();
    private static readonly SKEncodedImageFormat[] Formats = [SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp];

    [Fact]
    public void Every_format_size_and_orientation_gives_the_same_tensor()
    {
        Random random = new(5);
        for (int round = 0; round < 240; round++)
        {
            (int width, int height) = (random.Next(1, 120), random.Next(1, 120));
            SKEncodedImageFormat format = Formats[round % Formats.Length];
            byte[] encoded = PictureFiles.Tag(PictureFiles.Encode(format, width, height), format, random.Next(1, 9));
            ImagePreprocessor preprocessor = new(new ImagePreprocessing
            {
                Resize = (ResizeMode)random.Next(4),
                Size = ImageSize.Square(random.Next(1, 50)),
                Crop = ImageSize.Square(32),
                Filter = (ResampleFilter)random.Next(6),
                ResizeOrder = (ResizeOrder)random.Next(2),
                Padding = random.Next(2) == 0 ? ImagePadding.Square : null,
            });
            DecodeOptions options = new() { Orientation = (ImageOrientation)random.Next(2) };
            AssertEqual(preprocessor, encoded, options);
        }
    }

    [Fact]
    public void Cut_off_and_damaged_files_are_refused_or_read_as_whole_pictures_are()
    {
        Random random = new(6);
        ImagePreprocessor preprocessor = new(new ImagePreprocessing { Size = ImageSize.Square(16), Crop = ImageSize.Square(16) });
        int refused = 0;
        foreach (SKEncodedImageFormat format in Formats)
        {
            byte[] whole = PictureFiles.Tag(PictureFiles.Encode(format, 90, 70), format, 6);
            for (int round = 0; round < 300; round++)
            {
                byte[] damaged = [.. whole.AsSpan(0, round % 2 == 0 ? random.Next(whole.Length) : whole.Length)];
                for (int i = round % 2 == 0 ? 0 : random.Next(1, 6); i > 0; i--)
                {
                    damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                }

                refused += AssertEqual(preprocessor, damaged, new DecodeOptions { Limits = new DecodeLimits { MaxPixels = 1_000_000 } }) ? 0 : 1;
            }
        }

        Assert.InRange(refused, 300, 890);
    }

    [Fact]
    public void A_jpeg_takes_no_room_for_its_pixels()
    {
        DecodeMemory memory = new(1000);
        ImagePreprocessor preprocessor = new(new ImagePreprocessing { Size = ImageSize.Square(16), Crop = ImageSize.Square(16) });
        ImageData image = ImageData.FromBytes(PictureFiles.Encode(SKEncodedImageFormat.Jpeg, 90, 70));
        using DecodeRoom rest = memory.Reserve(1000);

        // Nothing is left, and yet nobody waits.
        preprocessor.Preprocess(Decoder, image, new DecodeOptions { Memory = memory }, new float[3 * 16 * 16]);
        Assert.Equal(1000, memory.Reserved);
    }

    private static bool AssertEqual(ImagePreprocessor preprocessor, byte[] encoded, DecodeOptions options)
    {
        float[] expected = new float[3 * preprocessor.Width * preprocessor.Height], actual = new float[expected.Length];
        string? expectedMessage = null, actualMessage = null;
        try
        {
            using RgbImage image = Decoder.Decode(encoded, options);
            preprocessor.Preprocess(image, expected);
        }
        catch (InvalidImageException e)
        {
            expectedMessage = e.Message;
        }

        try
        {
            preprocessor.Preprocess(Decoder, ImageData.FromBytes(encoded), options, actual);
        }
        catch (InvalidImageException e)
        {
            actualMessage = e.Message;
        }

        Assert.Equal(expectedMessage, actualMessage);
        Assert.True(expected.AsSpan().SequenceEqual(actual));
        return actualMessage is null;
    }
}
