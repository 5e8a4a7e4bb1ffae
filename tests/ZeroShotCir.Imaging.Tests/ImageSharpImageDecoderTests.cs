using System.Security.Cryptography;
using System.Text.Json;
using ImageMagick;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.ImageSharp;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Tests.Mutations;

namespace ZeroShotCir.Tests;

public sealed class ImageSharpImageDecoderTests
{
    private static readonly ImageSharpImageDecoder Decoder = new();
    private static readonly string Photos = Path.Combine(RepositoryPaths.TinyFashion, "album", "photos");

    [Fact]
    public void Lossless_files_of_the_album_equal_Pillow()
    {
        int equal = 0;
        foreach (JsonElement file in GoldenJson.Read(Path.Combine(Photos, "..", "expected.json")).GetProperty("files").EnumerateArray())
        {
            if (file.TryGetProperty("sha256", out JsonElement hash) && (file.Text("format"), file.Text("variant")) is not ("gif", "cut-out"))
            {
                RgbImage image = Decode(File.ReadAllBytes(Path.Combine(Photos, file.Text("path"))));
                Assert.True(hash.GetString() == Convert.ToHexStringLower(SHA256.HashData(image.Pixels.Span)), file.Text("path"));
                equal++;
            }
        }

        Assert.True(equal > 100, $"Only {equal} files were compared.");
    }

    [Fact]
    public void JPEG_differs_from_Pillow_by_the_interpolation_of_its_colours()
    {
        byte[] full = Picture.Write(MagickFormat.Jpeg, image => image.Settings.SetDefine(MagickFormat.Jpeg, "sampling-factor", "4:4:4"));
        Assert.InRange(Differences(full).Max(), 0, 3);
        byte[] halved = Picture.Write(MagickFormat.Jpeg, image => image.Settings.SetDefine(MagickFormat.Jpeg, "sampling-factor", "4:2:0"));
        Assert.InRange(Differences(halved).Average(), 0.1, 15);
    }

    [Fact]
    public void Wide_samples_keep_the_high_byte()
    {
        byte[] tiff = TiffFile.Write(2, 1, photometric: 2, samples: 3, [0xFF, 10, 0x80, 200, 0x01, 0, 0xFF, 0xFF, 0, 1, 0x81, 2], bits: 16);
        Assert.Equal([10, 200, 0, 255, 1, 2], Decode(tiff).Pixels.ToArray());
    }

    [Fact]
    public void The_orientation_is_applied_or_ignored()
    {
        for (int orientation = 1; orientation <= 8; orientation++)
        {
            byte[] tiff = Picture.StoredTiff(orientation);
            Assert.Equal(Picture.Rgb, Decode(tiff).Pixels.ToArray());
            Assert.Equal(Picture.Stored(orientation).Pixels.ToArray(), Decoder.Decode(tiff, new DecodeOptions { Orientation = ImageOrientation.Ignore }).Pixels.ToArray());
        }
    }

    [Fact]
    public void What_it_does_not_read_is_refused_in_words()
    {
        Assert.Contains("expected JPEG", Refused(File.ReadAllBytes(Path.Combine(Photos, "2012", "Sommer", "P1003173.heic"))), StringComparison.Ordinal);
        Assert.Contains("expected JPEG", Refused("no picture"u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("no bytes", Refused([]), StringComparison.Ordinal);
        Assert.Contains("TIFF", Refused(TiffFile.OnePixel(photometric: 5, [1, 2, 3, 4])), StringComparison.Ordinal);
    }

    [Fact]
    public void Too_large_pictures_are_refused_before_memory_is_taken()
    {
        Decode(Picture.Tiff(CompressionMethod.LZW));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("60000 × 60000", Refused(TiffFile.Write(60_000, 60_000, photometric: 2, samples: 3, data: [1, 2, 3])), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    [Fact]
    public void Truncated_files_are_refused_or_complete()
    {
        foreach (byte[] encoded in Files())
        {
            byte[] whole = Decode(encoded).Pixels.ToArray();
            for (int length = 0; length < encoded.Length; length += Math.Max(1, encoded.Length / 60))
            {
                try
                {
                    Assert.True(
                        whole.AsSpan().SequenceEqual(Decode(encoded[..length]).Pixels.Span),
                        $"{ImageFormat.Recognize(encoded)}: {length} of {encoded.Length} bytes gave other pixels.");
                }
                catch (InvalidImageException)
                {
                    // As wanted.
                }
            }
        }
    }

    [Fact]
    public void Damaged_files_give_pixels_or_a_typed_refusal()
    {
        DecodeOptions small = new() { Limits = new DecodeLimits { MaxPixels = 100_000 } };
        byte[][] files = [.. Files(), .. AlbumPictures.OneOfEachKind.Where(file => ImageFormat.Recognize(file) is { } format && Decoder.Formats.Contains(format))];
        MutationRun run = new("pictures by ImageSharp", 2000, damaged =>
        {
            using RgbImage image = Decoder.Decode(damaged, small);
            Assert.Equal(3 * image.Width * image.Height, image.Pixels.Length);
        })
        {
            IsRefusal = e => e is InvalidImageException,
        };

        run.Execute(random => Mutation.Picture(files[random.Next(files.Length)], random));

        Assert.InRange(run.Refused, 1, run.Count - 1);
    }

    private static IEnumerable<byte[]> Files() =>
    [
        Picture.Write(MagickFormat.Jpeg), Picture.Write(MagickFormat.Jpeg, image => image.Settings.Interlace = Interlace.Jpeg), Picture.Write(MagickFormat.Png),
        Picture.Write(MagickFormat.Gif), Picture.Write(MagickFormat.Bmp3), Picture.Write(MagickFormat.WebP), Picture.Tiff(CompressionMethod.LZW),
        Picture.Tiff(CompressionMethod.NoCompression),
    ];

    private static int[] Differences(byte[] jpeg)
        => [.. Decode(jpeg).Pixels.ToArray().Zip(new SkiaImageDecoder().Decode(jpeg, new DecodeOptions()).Pixels.ToArray(), (a, b) => Math.Abs(a - b))];

    private static RgbImage Decode(byte[] encoded) => Decoder.Decode(encoded, new DecodeOptions());

    private static string Refused(byte[] encoded) => Assert.Throws<InvalidImageException>(() => Decode(encoded)).Message;
}
