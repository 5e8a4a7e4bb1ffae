using System.Text.Json;
using SkiaSharp;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;

namespace ZeroShotCir.Tests;

/// <summary>The system's libturbojpeg gives Skia's pixels, and Skia's refusals.</summary>
public sealed class TurboJpegTests
{
    private static readonly SkiaImageDecoder Skia = new();
    private static readonly SkiaImageDecoder Turbo = new() { PrefersSystemJpeg = true };

    [Theory]
    [InlineData(SKJpegEncoderDownsample.Downsample420)]
    [InlineData(SKJpegEncoderDownsample.Downsample422)]
    [InlineData(SKJpegEncoderDownsample.Downsample444)]
    public void Every_size_sampling_and_orientation_comes_as_by_Skia(SKJpegEncoderDownsample sampling)
    {
        SkipWithoutLibrary();
        Random random = new((int)sampling);
        for (int round = 0; round < 150; round++)
        {
            (int width, int height) = (random.Next(1, 120), random.Next(1, 120));
            byte[] jpeg = Jpeg(random, sampling, width, height, random.Next(20, 101));
            Assert.True(JpegOutline.Read(jpeg).IsPlain);
            byte[] tagged = PictureFiles.Tag(jpeg, SKEncodedImageFormat.Jpeg, (round % 8) + 1);
            foreach (ImageOrientation orientation in Enum.GetValues<ImageOrientation>())
            {
                DecodeOptions options = new() { Orientation = orientation };
                Assert.Equal(Outcome(Skia, tagged, options), Outcome(Turbo, tagged, options));
                Rows expected = new(), actual = new();
                Skia.DecodeRows(tagged, options, expected);
                Turbo.DecodeRows(tagged, options, actual);
                Assert.Equal(expected.Begun, actual.Begun);
                Assert.True(expected.Bytes.SequenceEqual(actual.Bytes), $"{width} × {height}");
            }
        }
    }

    [Fact]
    public void Damaged_pictures_are_read_or_refused_as_by_Skia()
    {
        // Tables that are damaged so that both libraries accept them make coefficients that no picture has; vector instructions cut those off elsewhere.
        const int Rounds = 600, MayDiffer = 6;
        SkipWithoutLibrary();
        Random random = new(8);
        (int refused, int different) = (0, 0);
        for (int round = 0; round < Rounds; round++)
        {
            byte[] jpeg = Jpeg(random, (SKJpegEncoderDownsample)(round % 3), 60, 50, 90);
            byte[] damaged = round % 4 == 0 ? jpeg[..random.Next(1, jpeg.Length)] : [.. jpeg];
            for (int i = round % 4 == 0 ? 0 : random.Next(1, 4); i > 0; i--)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            string expected = Outcome(Skia, damaged, new DecodeOptions());
            string actual = Outcome(Turbo, damaged, new DecodeOptions());
            bool isRefused = expected.StartsWith("The ", StringComparison.Ordinal);
            Assert.Equal(isRefused ? expected : expected[..^64], isRefused ? actual : actual[..^64]);
            refused += isRefused ? 1 : 0;
            different += expected != actual ? 1 : 0;
        }

        Assert.InRange(different, 0, MayDiffer);
        Assert.InRange(refused, 100, 500);
    }

    [Fact]
    public void Every_picture_of_an_untidy_album_comes_as_by_Skia()
    {
        SkipWithoutLibrary();
        int plain = 0;
        foreach (JsonElement file in AlbumPixelsTests.Pictures())
        {
            byte[] encoded = File.ReadAllBytes(Path.Combine(RepositoryPaths.TinyFashion, "album", "photos", file.Text("path")));
            if (encoded is [0xFF, 0xD8, ..])
            {
                Assert.Equal(Outcome(Skia, encoded, new DecodeOptions()), Outcome(Turbo, encoded, new DecodeOptions()));
                plain += JpegOutline.Read(encoded).IsPlain ? 1 : 0;
            }
        }

        Assert.InRange(plain, 100, 1000);
    }

    [Fact]
    public void A_picture_is_reserved_while_the_system_decodes_it_and_skia_holds_none()
    {
        SkipWithoutLibrary();
        byte[] jpeg = Jpeg(new Random(1), SKJpegEncoderDownsample.Downsample420, 400, 300, 90);
        foreach ((SkiaImageDecoder decoder, int bytes) in new[] { (Skia, 0), (Turbo, 400 * 300 * 3) })
        {
            DecodeMemory memory = new(10_000_000);
            Rows rows = new(memory);
            decoder.DecodeRows(jpeg, new DecodeOptions { Memory = memory }, rows);
            Assert.Equal(bytes, rows.Reserved);
            Assert.Equal(0, memory.Reserved);
            using RgbImage image = decoder.Decode(jpeg, new DecodeOptions { Memory = memory });
            Assert.Equal(400 * 300 * 3, memory.Reserved);
        }

        Assert.Equal(Skia.Name, Turbo.Name);
    }

    [Fact]
    public void Only_what_cameras_write_is_plain()
    {
        byte[] jpeg = Jpeg(new Random(2), SKJpegEncoderDownsample.Downsample420, 16, 16, 90);
        int frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        Assert.True(JpegOutline.Read(jpeg).IsPlain);
        foreach ((int at, byte value) in new[] { (1, (byte)0xC2), (1, (byte)0xC9), (11, (byte)0x12), (11, (byte)0x41), (14, (byte)0x22), (9, (byte)4) })
        {
            byte[] other = [.. jpeg];
            other[frame + at] = value;
            Assert.False(JpegOutline.Read(other).IsPlain, $"{at} {value}");
        }
    }

    private static void SkipWithoutLibrary() => Assert.SkipWhen(TurboJpeg.Installed is null, "There is no libturbojpeg on this system.");

    private static string Outcome(SkiaImageDecoder decoder, byte[] encoded, DecodeOptions options)
    {
        try
        {
            using RgbImage image = decoder.Decode(encoded, options);
            return $"{image.Width} × {image.Height} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(image.Pixels.Span))}";
        }
        catch (InvalidImageException e)
        {
            return e.Message;
        }
    }

    /// <summary>Noise on a slope, so that all frequencies are met.</summary>
    private static byte[] Jpeg(Random random, SKJpegEncoderDownsample sampling, int width, int height, int quality)
    {
        using SKBitmap bitmap = new(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Span<byte> pixels = bitmap.GetPixelSpan();
        int grain = random.Next(1, 200);
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)Math.Min(255, (i / 4 % width) + (i / 4 / width) + random.Next(grain));
        }

        using SKPixmap map = bitmap.PeekPixels();
        using SKData? data = map.Encode(new SKJpegEncoderOptions(quality, sampling, SKJpegEncoderAlphaOption.Ignore));
        Assert.NotNull(data);
        return data.ToArray();
    }

    private sealed class Rows(DecodeMemory? memory = null) : IImageRowReceiver
    {
        public (int Width, int Height, ExifOrientation Orientation) Begun { get; private set; }

        public List<byte> Bytes { get; } = [];

        /// <summary>What was reserved of the memory when the picture began.</summary>
        public long Reserved { get; private set; }

        public void Begin(int width, int height, ExifOrientation orientation)
        {
            Begun = (width, height, orientation);
            Bytes.Clear();
            Reserved = memory?.Reserved ?? 0;
        }

        public void Add(ReadOnlySpan<byte> rows) => Bytes.AddRange(rows.ToArray());
    }
}
