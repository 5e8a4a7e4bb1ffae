using System.Buffers.Binary;
using ZeroShotCir.Imaging;
using ZeroShotCir.Tests.Mutations;

namespace ZeroShotCir.Tests.Imaging;

public sealed class ExifReaderTests
{
    public static TheoryData<string, bool, int> Everywhere()
    {
        TheoryData<string, bool, int> all = [];
        foreach (string container in (string[])["jpeg", "jpeg after JFIF", "png", "png behind the pixels", "webp", "webp with prefix", "tiff"])
        {
            foreach (bool isLittleEndian in (bool[])[true, false])
            {
                for (int value = 1; value <= 8; value++)
                {
                    all.Add(container, isLittleEndian, value);
                }
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void The_orientation_is_found_in_every_container_and_byte_order(string container, bool isLittleEndian, int value)
        => Assert.Equal((ExifOrientation)value, ExifReader.ReadOrientation(Container(container, Tiff(isLittleEndian, value))));

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(65_535)]
    public void Values_that_mean_nothing_are_upright(int value)
        => Assert.Equal(ExifOrientation.Upright, ExifReader.ReadOrientation(Container("jpeg", Tiff(isLittleEndian: true, value))));

    [Fact]
    public void A_thumbnail_with_another_orientation_does_not_count()
    {
        byte[] inner = Container("jpeg", Tiff(isLittleEndian: true, 3));
        byte[] segment = [.. "JFXX\0"u8, .. inner];
        byte[] jpeg = [0xFF, 0xD8, .. Segment(0xE0, segment), .. Segment(0xE1, [.. "Exif\0\0"u8, .. Tiff(isLittleEndian: false, 6)]), 0xFF, 0xDA, 0, 2];
        Assert.Equal(ExifOrientation.TurnRight, ExifReader.ReadOrientation(jpeg));
    }

    [Fact]
    public void Exif_behind_the_first_scan_does_not_count()
    {
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xDA, 0, 2, .. Segment(0xE1, [.. "Exif\0\0"u8, .. Tiff(isLittleEndian: false, 6)])];
        Assert.Equal(ExifOrientation.Upright, ExifReader.ReadOrientation(jpeg));
    }

    [Fact]
    public void Hostile_bytes_never_throw()
    {
        string[] containers = ["jpeg", "jpeg after JFIF", "png", "png behind the pixels", "webp", "webp with prefix", "tiff"];
        byte[][] files = [.. containers.Select(container => Container(container, Tiff(isLittleEndian: true, 6)))];
        foreach (byte[] whole in files)
        {
            for (int length = 0; length <= whole.Length; length++)
            {
                ExifReader.ReadOrientation(whole.AsSpan(0, length));
            }
        }

        MutationRun run = new("orientations", 50_000, damaged => Assert.InRange((int)ExifReader.ReadOrientation(damaged), 1, 8)) { IsRefusal = _ => false };
        run.Execute(random => Mutation.Picture(files[random.Next(files.Length)], random));
    }

    [Theory]
    [InlineData(1, "012345")]
    [InlineData(2, "210543")]
    [InlineData(3, "543210")]
    [InlineData(4, "345012")]
    [InlineData(5, "031425")]
    [InlineData(6, "304152")]
    [InlineData(7, "524130")]
    [InlineData(8, "251403")]
    public void Turning_a_picture_of_three_by_two_gives_what_exif_defines(int orientation, string expected)
    {
        byte[] pixels = [.. Enumerable.Range(0, 18).Select(i => (byte)((i / 3 * 10) + (i % 3)))];
        using RgbImage turned = new RgbImage(pixels, 3, 2).Turn((ExifOrientation)orientation);
        Assert.Equal(orientation >= 5 ? (2, 3) : (3, 2), (turned.Width, turned.Height));
        Assert.Equal(expected.SelectMany(digit => Enumerable.Range(0, 3).Select(channel => (byte)(((digit - '0') * 10) + channel))), turned.Pixels.ToArray());
    }

    [Fact]
    public void Turning_by_strips_of_four_bytes_equals_turning_at_once()
    {
        Random random = new(1);
        foreach ((int width, int height) in ((int, int)[])[(1, 1), (1, 9), (9, 1), (33, 40), (40, 33), (5, 16)])
        {
            byte[] rgba = new byte[width * height * 4];
            random.NextBytes(rgba);
            RgbImage stored = new(rgba.Where((_, i) => i % 4 < 3).ToArray(), width, height);
            foreach (ExifOrientation orientation in Enum.GetValues<ExifOrientation>())
            {
                UprightPixels upright = new(orientation, width, height);
                byte[] strips = new byte[width * height * 3];
                for (int y = 0; y < height; y += 16)
                {
                    int rows = Math.Min(16, height - y);
                    upright.Write(rgba.AsSpan(y * width * 4, rows * width * 4), 4, y, rows, strips);
                }

                using RgbImage whole = stored.Turn(orientation);
                Assert.True(whole.Pixels.Span.SequenceEqual(strips), $"{orientation} {width} × {height}");
                byte[] inPlace = [.. rgba];
                if (upright.IsInPlace)
                {
                    upright.Write(inPlace, 4, 0, height, inPlace);
                    Assert.True(stored.Pixels.Span.SequenceEqual(inPlace.AsSpan(0, strips.Length)));
                }
            }
        }
    }

    internal static byte[] Tiff(bool isLittleEndian, int orientation)
    {
        byte[] tiff = new byte[8 + 2 + (3 * 12) + 4];
        (isLittleEndian ? "II"u8 : "MM"u8).CopyTo(tiff);
        Write(2, 42);
        Write32(4, 8);
        Write(8, 3);
        Entry(10, 0x010F, 2, 1, 0);
        Entry(22, 0x0112, 3, 1, orientation);
        Entry(34, 0x011A, 5, 1, 8);
        return tiff;

        void Entry(int at, int tag, int type, int count, int value)
        {
            Write(at, tag);
            Write(at + 2, type);
            Write32(at + 4, count);
            Write(at + 8, value);
        }

        void Write(int at, int value)
        {
            if (isLittleEndian)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(tiff.AsSpan(at), (ushort)value);
            }
            else
            {
                BinaryPrimitives.WriteUInt16BigEndian(tiff.AsSpan(at), (ushort)value);
            }
        }

        void Write32(int at, int value)
        {
            if (isLittleEndian)
            {
                BinaryPrimitives.WriteInt32LittleEndian(tiff.AsSpan(at), value);
            }
            else
            {
                BinaryPrimitives.WriteInt32BigEndian(tiff.AsSpan(at), value);
            }
        }
    }

    private static byte[] Container(string name, byte[] tiff) => name switch
    {
        "jpeg" => [0xFF, 0xD8, .. Segment(0xE1, [.. "Exif\0\0"u8, .. tiff]), 0xFF, 0xDA, 0, 2],
        "jpeg after JFIF" =>
        [
            0xFF, 0xD8, .. Segment(0xE0, new byte[14]), 0xFF, 0xFF,
            .. Segment(0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8]),
            .. Segment(0xE1, [.. "Exif\0\0"u8, .. tiff]), 0xFF, 0xDA, 0, 2,
        ],
        "png" => [.. PngStart, .. PngChunk("IHDR", new byte[13]), .. PngChunk("eXIf", tiff), .. PngChunk("IDAT", new byte[20]), .. PngChunk("IEND", [])],
        "png behind the pixels" =>
        [
            .. PngStart,
            .. PngChunk("IHDR", new byte[13]),
            .. PngChunk("IDAT", new byte[20]),
            .. PngChunk("eXIf", [.. "Exif\0\0"u8, .. tiff]),
            .. PngChunk("IEND", []),
        ],
        "webp" => [.. "RIFF"u8, 0, 1, 0, 0, .. "WEBP"u8, .. WebPChunk("VP8X", new byte[10]), .. WebPChunk("VP8 ", new byte[7]), .. WebPChunk("EXIF", tiff)],
        "webp with prefix" => [.. "RIFF"u8, 0, 1, 0, 0, .. "WEBP"u8, .. WebPChunk("VP8X", new byte[10]), .. WebPChunk("EXIF", [.. "Exif\0\0"u8, .. tiff])],
        _ => tiff,
    };

    private static byte[] PngStart => [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A];

    private static byte[] Segment(byte marker, byte[] data) => [0xFF, marker, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. data];

    private static byte[] PngChunk(string type, byte[] data)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        return [.. length, .. System.Text.Encoding.ASCII.GetBytes(type), .. data, 0, 0, 0, 0];
    }

    private static byte[] WebPChunk(string type, byte[] data)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, data.Length);
        return [.. System.Text.Encoding.ASCII.GetBytes(type), .. length, .. data, .. new byte[data.Length & 1]];
    }
}
