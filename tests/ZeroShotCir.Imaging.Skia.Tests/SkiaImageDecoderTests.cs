using System.Buffers.Binary;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Tests.Mutations;

namespace ZeroShotCir.Tests;

public sealed class SkiaImageDecoderTests
{
    private static readonly SkiaImageDecoder Decoder = new();

    [Fact]
    public void Alpha_is_dropped_and_not_blended()
    {
        byte[] png = Encode(SKEncodedImageFormat.Png, 7, 5, alpha: 3);
        RgbImage image = Decoder.Decode(png, new DecodeOptions());
        Assert.Equal(Enumerable.Range(0, 7 * 5).SelectMany(i => Colour(i % 7, i / 7)), image.Pixels.ToArray());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 1)]
    [InlineData(6, 1)]
    [InlineData(3, 7)]
    [InlineData(101, 67)]
    public void Every_size_keeps_its_pixels(int width, int height)
    {
        RgbImage image = Decoder.Decode(Encode(SKEncodedImageFormat.Png, width, height, alpha: 255), new DecodeOptions());
        Assert.Equal((width, height), (image.Width, image.Height));
        Assert.Equal(Enumerable.Range(0, width * height).SelectMany(i => Colour(i % width, i / width)), image.Pixels.ToArray());
    }

    [Fact]
    public void What_is_no_image_is_refused()
    {
        Assert.Contains("no bytes", Refused([]), StringComparison.Ordinal);
        Assert.Contains("expected JPEG", Refused("This is a text, not a picture."u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("expected JPEG", Refused([0xFF]), StringComparison.Ordinal);
        Assert.Contains("expected JPEG", Refused(new byte[10_000]), StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_bytes_are_refused_before_decoding()
    {
        byte[] png = Encode(SKEncodedImageFormat.Png, 20, 20, 255);
        DecodeOptions options = new() { Limits = new DecodeLimits { MaxBytes = png.Length - 1 } };
        InvalidImageException exception = Assert.Throws<InvalidImageException>(() => Decoder.Decode(png, options));
        Assert.Contains("MaxBytes", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_pixels_are_refused_before_memory_is_taken()
    {
        byte[] png = Encode(SKEncodedImageFormat.Png, 20, 20, 255);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 60_000);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 60_000);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32(png.AsSpan(12, 17)));
        Decoder.Decode(Encode(SKEncodedImageFormat.Png, 20, 20, 255), new DecodeOptions());
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("60000 × 60000", Refused(png), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        DecodeOptions limited = new() { Limits = new DecodeLimits { MaxPixels = 399 } };
        InvalidImageException exception = Assert.Throws<InvalidImageException>(
            () => Decoder.Decode(Encode(SKEncodedImageFormat.Png, 20, 20, 255), limited));
        Assert.Contains("20 × 20", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void A_truncated_image_is_refused_or_complete(SKEncodedImageFormat format)
    {
        byte[] encoded = Encode(format, 60, 45, 255);
        (int refused, int complete) = Truncate(encoded);
        TestContext.Current.TestOutputHelper!.WriteLine($"{format}: {refused} cuts refused, {complete} complete (the end of the file holds no pixels)");
        Assert.InRange(complete, 0, 20);
    }

    [Fact]
    public void Truncated_golden_images_are_refused_or_complete()
    {
        string folder = RepositoryPaths.Golden("preprocess", "source");
        string[] names =
        [
            "progressive_500x333.jpg", "q75_444_321x481.jpg", "cmyk_320x280.jpg", "gray_300x400.jpg", "lossy_360x280.webp",
            "lossless_301x227.webp", "animated_280x210.gif", "rgb_199x301.bmp", "palette_320x240.png", "bilevel_257x311.png",
        ];
        foreach (string name in names)
        {
            (int refused, int complete) = Truncate(File.ReadAllBytes(Path.Combine(folder, name)));
            TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {refused} cuts refused, {complete} complete");
            Assert.True(refused > 0, name);
        }
    }

    [Fact]
    public void Damaged_files_give_pixels_or_a_typed_refusal()
    {
        byte[][] files =
        [
            Encode(SKEncodedImageFormat.Png, 40, 30, 255), Encode(SKEncodedImageFormat.Jpeg, 40, 30, 255), Encode(SKEncodedImageFormat.Webp, 40, 30, 255),
            .. AlbumPictures.OneOfEachKind.Where(file => ImageFormat.Recognize(file) is { } format && Decoder.Formats.Contains(format)),
        ];
        DecodeOptions limits = new() { Limits = new DecodeLimits { MaxPixels = 1_000_000 } };
        MutationRun run = new("pictures by Skia", 1500, damaged =>
        {
            using RgbImage image = Decoder.Decode(damaged, limits);
            Assert.Equal(image.Width * image.Height * 3, image.Pixels.Length);
        })
        {
            IsRefusal = e => e is InvalidImageException,
        };

        run.Execute(random => Mutation.Picture(files[random.Next(files.Length)], random));

        Assert.InRange(run.Refused, 1, run.Count - 1);
    }

    [Fact]
    public void Concurrent_callers_get_their_own_pixels()
    {
        byte[][] files = [.. Enumerable.Range(1, 8).Select(i => Encode(SKEncodedImageFormat.Png, 30 + i, 50 - i, 255))];
        Parallel.For(0, 100, i => Assert.Equal(31 + (i % 8), Decoder.Decode(files[i % 8], new DecodeOptions()).Width));
    }

    [Fact]
    public void The_decoder_is_registered_unless_another_is()
    {
        using ServiceProvider services = new ServiceCollection().AddZeroShotCir().UseSkiaDecoder().UseSkiaDecoder().Services.BuildServiceProvider();
        Assert.IsType<SkiaImageDecoder>(Assert.Single(services.GetServices<IImageDecoder>()));
    }

    /// <summary>Decodes beginnings of a file: each must be refused, or hold every pixel of the whole.</summary>
    private static (int Refused, int Complete) Truncate(byte[] encoded)
    {
        byte[] whole = Decoder.Decode(encoded, new DecodeOptions()).Pixels.ToArray();
        (int refused, int complete) = (0, 0);
        int step = Math.Max(1, encoded.Length / 60);
        foreach (int length in Enumerable.Range(0, encoded.Length).Where(i => i % step == 0 || i >= encoded.Length - 20))
        {
            try
            {
                Assert.True(
                    whole.AsSpan().SequenceEqual(Decoder.Decode(encoded.AsSpan(0, length), new DecodeOptions()).Pixels.Span),
                    $"The first {length} of {encoded.Length} bytes gave other pixels.");
                complete++;
            }
            catch (InvalidImageException)
            {
                refused++;
            }
        }

        return (refused, complete);
    }

    private static string Refused(byte[] encoded) => Assert.Throws<InvalidImageException>(() => Decoder.Decode(encoded, new DecodeOptions())).Message;

    private static byte[] Colour(int x, int y) => [(byte)(x * 37), (byte)(y * 59), (byte)((x * y) + 11)];

    private static byte[] Encode(SKEncodedImageFormat format, int width, int height, byte alpha)
    {
        using SKBitmap bitmap = new(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        byte[] pixels = [.. Enumerable.Range(0, width * height).SelectMany(i => Colour(i % width, i / width).Append(alpha))];
        System.Runtime.InteropServices.Marshal.Copy(pixels, 0, bitmap.GetPixels(), pixels.Length);
        using SKData data = bitmap.Encode(format, 90);
        return data.ToArray();
    }

    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }
}
