using ImageMagick;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Magick;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Tests.Mutations;

namespace ZeroShotCir.Tests;

/// <summary>Of a camera's raw file the largest preview is decoded, as if it were a file of its own.</summary>
public sealed class RawPreviewTests
{
    private static readonly DecoderChain Chain = new(new SkiaImageDecoder(), new MagickImageDecoder());
    private static readonly byte[] Large = Picture.Write(MagickFormat.Jpeg);
    private static readonly byte[] Small = Picture.Write(MagickFormat.Jpeg, image => image.Resize(9, 7));

    // A lossless JPEG, which is larger by its numbers.
    private static readonly byte[] Samples = [0xFF, 0xD8, 0xFF, 0xC3, 0, 17, 14, 40, 0, 60, 0, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 0xFF, 0xD9];

    [Fact]
    public void The_largest_preview_is_decoded()
    {
        byte[] expected = Pixels(Large);
        foreach (bool isLittleEndian in (bool[])[true, false])
        {
            foreach (bool isDng in (bool[])[true, false])
            {
                Assert.Equal(expected, Pixels(new RawFile(isLittleEndian).WithPreviewsBelow(Small, Large, Samples, 1, isDng)));
            }
        }

        Assert.Equal(expected, Pixels(new RawFile(isLittleEndian: true).WithPreviewFirst(Small, Large, Samples)));
        Assert.Equal(expected, Pixels(new RawFile(isLittleEndian: true).WithPreviewAsValue(Large)));
        Assert.Equal(expected, Pixels(RawFile.WithPreviewInHeader(Large)));
    }

    [Fact]
    public void The_orientation_of_the_raw_file_holds_for_its_preview()
    {
        using RgbImage stored = Chain.Decode(Large, new DecodeOptions());
        for (int orientation = 2; orientation <= 8; orientation++)
        {
            byte[] raw = new RawFile(isLittleEndian: false).WithPreviewsBelow(Small, Large, Samples, orientation, isDng: false);
            using RgbImage expected = stored.Turn((ExifOrientation)orientation);
            Assert.Equal(expected.Pixels.ToArray(), Pixels(raw));
            Assert.Equal(stored.Pixels.ToArray(), Chain.Decode(raw, new DecodeOptions { Orientation = ImageOrientation.Ignore }).Pixels.ToArray());
        }
    }

    [Fact]
    public void A_TIFF_with_a_JPEG_in_it_is_no_raw_file()
    {
        byte[] tiff = Picture.Tiff(CompressionMethod.JPEG);
        Assert.Equal(new MagickImageDecoder().Decode(tiff, new DecodeOptions()).Pixels.ToArray(), Pixels(tiff));
    }

    [Fact]
    public void A_raw_file_without_preview_is_refused_by_name()
    {
        byte[] raw = new RawFile(isLittleEndian: true).WithPreviewFirst(Samples, Samples, Samples);
        Assert.Contains("no preview was found", Assert.Throws<InvalidImageException>(() => Pixels(raw)).Message, StringComparison.Ordinal);
        DecodeOptions few = new() { Limits = new DecodeLimits { MaxBytes = 100 } };
        Assert.Throws<InvalidImageException>(() => Chain.Decode(RawFile.WithPreviewInHeader(Large), few));
    }

    [Fact]
    public void Damaged_files_give_pixels_or_a_typed_refusal()
    {
        byte[][] files =
        [
            new RawFile(isLittleEndian: true).WithPreviewsBelow(Small, Large, Samples, 6, isDng: true),
            new RawFile(isLittleEndian: false).WithPreviewsBelow(Small, Large, Samples, 3, isDng: false),
            new RawFile(isLittleEndian: true).WithPreviewFirst(Small, Large, Samples),
            new RawFile(isLittleEndian: true).WithPreviewAsValue(Large),
            RawFile.WithPreviewInHeader(Large),
        ];
        DecodeOptions options = new() { Limits = new DecodeLimits { MaxPixels = 1_000_000 } };
        MutationRun run = new("camera RAW", 1000, damaged => Chain.Decode(damaged, options).Dispose()) { IsRefusal = e => e is InvalidImageException };

        run.Execute(random =>
        {
            byte[] file = files[random.Next(files.Length)];

            // The directories lie behind what they describe.
            return random.Next(2) == 0 ? Mutation.Picture(file, random) : [.. file[..^500], .. Mutation.Picture(file[^500..], random)];
        });

        Assert.InRange(run.Refused, 1, run.Count - 1);
    }

    private static byte[] Pixels(byte[] encoded)
    {
        using RgbImage image = Chain.Decode(encoded, new DecodeOptions());
        return image.Pixels.ToArray();
    }
}
