using SkiaSharp;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Skia;

namespace ZeroShotCir.Tests;

/// <summary>JPEG that comes with fewer pixels because it is made smaller anyway.</summary>
public sealed class ReducedResolutionTests
{
    private static readonly SkiaImageDecoder Decoder = new();
    private static readonly DecodeOptions Reduced = new() { Resolution = ImageResolution.Reduced };

    [Fact]
    public void A_picture_comes_with_the_fewest_eighths_that_suffice_and_never_with_fewer()
    {
        Random random = new(1);
        HashSet<int> met = [];
        for (int round = 0; round < 100; round++)
        {
            (int width, int height) = (random.Next(1, 300), random.Next(1, 300));
            ImageSize least = new(random.Next(1, width + 1), random.Next(1, height + 1));
            Receiver receiver = new(least);
            Decoder.DecodeRows(PictureFiles.Encode(SKEncodedImageFormat.Jpeg, width, height), Reduced, receiver);
            int eighths = Enumerable.Range(1, 8).First(n => Eighths(width, n) >= least.Width && Eighths(height, n) >= least.Height);
            Assert.Equal(new ImageSize(Eighths(width, eighths), Eighths(height, eighths)), receiver.Came);
            Assert.Equal(receiver.Came.Width * receiver.Came.Height * 3, receiver.Bytes);
            met.Add(eighths);
        }

        Assert.Equal(8, met.Count);
    }

    [Fact]
    public void Nothing_is_reduced_that_is_not_asked_for_not_resized_or_no_jpeg()
    {
        byte[] jpeg = PictureFiles.Encode(SKEncodedImageFormat.Jpeg, 160, 120);
        ImageSize whole = new(160, 120), least = new(1, 1);
        Assert.Equal(whole, Came(jpeg, new DecodeOptions()));
        Assert.Equal(whole, Came(PictureFiles.Encode(SKEncodedImageFormat.Png, 160, 120), Reduced));
        Assert.Equal(whole, Came(PictureFiles.Encode(SKEncodedImageFormat.Webp, 160, 120), Reduced));
        Assert.Equal(new ImageSize(20, 15), Came(jpeg, Reduced));
        Assert.Equal(new ImageSize(20, 15), Came(jpeg, new DecodeOptions(Reduced)));
        using RgbImage image = Decoder.Decode(jpeg, Reduced);
        Assert.Equal((160, 120), (image.Width, image.Height));

        // Borders are counted in pixels of the whole picture, and what keeps its size needs them all.
        foreach (ImagePreprocessing settings in (ImagePreprocessing[])[new() { Padding = ImagePadding.Square, Size = ImageSize.Square(8) }, new() { Resize = ResizeMode.None }])
        {
            ImagePreprocessor preprocessor = new(settings with { Crop = ImageSize.Square(8) });
            Assert.True(Preprocess(preprocessor, jpeg, new DecodeOptions()).AsSpan().SequenceEqual(Preprocess(preprocessor, jpeg, Reduced)));
        }

        ImageSize Came(byte[] encoded, DecodeOptions options)
        {
            Receiver receiver = new(least);
            Decoder.DecodeRows(encoded, options, receiver);
            return receiver.Came;
        }
    }

    [Fact]
    public void The_preprocessed_picture_is_nearly_the_same_and_lies_as_it_should()
    {
        Random random = new(2);
        for (int round = 0; round < 16; round++)
        {
            // Odd edges, whose eighths are rounded up; soft shades, as most of a photograph has, which tell where they lie.
            (int width, int height, int orientation) = (random.Next(140, 400), random.Next(140, 400), (round % 8) + 1);
            byte[] encoded = PictureFiles.Tag(Shades(width, height), SKEncodedImageFormat.Jpeg, orientation);
            ImagePreprocessor preprocessor = new(new ImagePreprocessing
            {
                Resize = round % 2 == 0 ? ResizeMode.ShortestEdge : ResizeMode.Exact,
                Size = ImageSize.Square(32),
                Crop = ImageSize.Square(round % 3 == 0 ? 40 : 32),
            });
            float[] full = new float[3 * preprocessor.Width * preprocessor.Height], reduced = new float[full.Length];
            ImageSize size = preprocessor.Preprocess(Decoder, ImageData.FromBytes(encoded), new DecodeOptions(), full);
            Assert.Equal(size, preprocessor.Preprocess(Decoder, ImageData.FromBytes(encoded), Reduced, reduced));
            Assert.Equal(orientation < 5 ? new ImageSize(width, height) : new ImageSize(height, width), size);
            float worst = full.Zip(reduced, (a, b) => MathF.Abs(a - b)).Max();

            // Eight levels of grey: an edge whose eighths are rounded up stretches the picture by a part of a pixel.
            Assert.True(worst is > 0 and < 0.12f, FormattableString.Invariant($"{width} × {height}, {orientation}: {worst}"));
        }
    }

    [Fact]
    public void Cut_off_and_damaged_files_are_refused_as_whole_pictures_are()
    {
        Random random = new(3);
        ImagePreprocessor preprocessor = new(new ImagePreprocessing { Size = ImageSize.Square(16), Crop = ImageSize.Square(16) });
        byte[] whole = PictureFiles.Tag(PictureFiles.Encode(SKEncodedImageFormat.Jpeg, 190, 170), SKEncodedImageFormat.Jpeg, 6);
        int refused = 0;
        for (int round = 0; round < 200; round++)
        {
            byte[] damaged = [.. whole.AsSpan(0, round % 2 == 0 ? random.Next(whole.Length) : whole.Length)];
            for (int i = round % 2 == 0 ? 0 : random.Next(1, 6); i > 0; i--)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            string? reason = Refusal(damaged, new DecodeOptions { Limits = new DecodeLimits { MaxPixels = 1_000_000 } });
            Assert.Equal(reason, Refusal(damaged, new DecodeOptions(Reduced) { Limits = new DecodeLimits { MaxPixels = 1_000_000 } }));
            refused += reason is null ? 0 : 1;
        }

        Assert.InRange(refused, 100, 195);

        string? Refusal(byte[] encoded, DecodeOptions options)
        {
            try
            {
                Preprocess(preprocessor, encoded, options);
                return null;
            }
            catch (InvalidImageException e)
            {
                return e.Message;
            }
        }
    }

    private static int Eighths(int edge, int eighths) => ((edge * eighths) + 7) / 8;

    private static float[] Preprocess(ImagePreprocessor preprocessor, byte[] encoded, DecodeOptions options)
    {
        float[] pixels = new float[3 * preprocessor.Width * preprocessor.Height];
        preprocessor.Preprocess(Decoder, ImageData.FromBytes(encoded), options, pixels);
        return pixels;
    }

    private static byte[] Shades(int width, int height)
    {
        using SKBitmap bitmap = new(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (int i = 0; i < width * height; i++)
        {
            (int x, int y) = (i % width, i / width);
            bitmap.SetPixel(x, y, new SKColor((byte)(255 * x / width), (byte)(255 * y / height), (byte)(128 + (100 * Math.Sin(6.0 * x / width)))));
        }

        using SKData data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95);
        return data.ToArray();
    }

    private sealed class Receiver(ImageSize least) : IImageRowReceiver
    {
        public ImageSize Came { get; private set; }

        public int Bytes { get; private set; }

        public ImageSize LeastSize(int width, int height, ExifOrientation orientation) => least;

        public void Begin(int width, int height, ExifOrientation orientation) => (Came, Bytes) = (new ImageSize(width, height), 0);

        public void Add(ReadOnlySpan<byte> rows) => Bytes += rows.Length;
    }
}
