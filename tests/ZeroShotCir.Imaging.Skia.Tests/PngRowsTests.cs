using System.IO.Compression;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Skia;

namespace ZeroShotCir.Tests;

/// <summary>PNG by rows: what it reads, Skia reads alike; what it leaves to Skia costs nothing but memory.</summary>
public sealed class PngRowsTests
{
    private static readonly SkiaImageDecoder Decoder = new();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 3)]
    [InlineData(4, 2)]
    [InlineData(6, 4)]
    public void Every_kind_of_pixel_and_filter_equals_Skia(int kind, int samples)
    {
        Random random = new(kind);
        for (int round = 0; round < 40; round++)
        {
            byte[] png = Png(random, kind, samples, random.Next(1, 90), random.Next(1, 90));
            using RgbImage expected = Decoder.Decode(png, new DecodeOptions());
            Rows rows = new();
            Assert.True(Send(png, ExifOrientation.Upright, rows, DecodeMemory.Shared));
            Assert.True(expected.Pixels.Span.SequenceEqual(rows.Pixels.ToArray()), $"{expected.Width} × {expected.Height}");
        }
    }

    [Fact]
    public void What_is_damaged_is_left_to_Skia_or_read_as_Skia_does()
    {
        Random random = new(9);
        int left = 0;
        for (int round = 0; round < 400; round++)
        {
            byte[] png = Png(random, 2, 3, 40, 30);
            byte[] damaged = round % 2 == 0 ? png[..random.Next(png.Length)] : [.. png];
            for (int i = round % 2 == 0 ? 0 : random.Next(1, 4); i > 0; i--)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            Rows rows = new();
            if (!Send(damaged, ExifOrientation.Upright, rows, DecodeMemory.Shared))
            {
                left++;
                continue;
            }

            using RgbImage expected = Decoder.Decode(damaged, new DecodeOptions());
            Assert.True(expected.Pixels.Span.SequenceEqual(rows.Pixels.ToArray()));
        }

        Assert.InRange(left, 390, 400);
    }

    [Fact]
    public void A_large_png_takes_no_room_for_its_pixels_and_gives_the_same_tensor()
    {
        byte[] png = Png(new Random(3), 2, 3, 2100, 2000);
        ImagePreprocessor preprocessor = new(new ImagePreprocessing());
        float[] expected = new float[3 * 224 * 224], actual = new float[expected.Length];
        using (RgbImage image = Decoder.Decode(png, new DecodeOptions()))
        {
            preprocessor.Preprocess(image, expected);
        }

        DecodeMemory memory = new(1_000_000);
        using DecodeRoom rest = memory.Reserve(700_000);
        preprocessor.Preprocess(Decoder, ImageData.FromBytes(png), new DecodeOptions { Memory = memory }, actual);
        Assert.True(expected.AsSpan().SequenceEqual(actual));
    }

    [Fact]
    public void Rows_of_a_wide_picture_are_reserved_while_they_are_held()
    {
        DecodeMemory memory = new(100_000_000);
        Rows rows = new(memory);
        Assert.True(Send(Png(new Random(4), 6, 4, 300_000, 2), ExifOrientation.Upright, rows, memory));

        Assert.Equal((2 * 4 * 300_000) + (2 * 3 * 300_000), rows.Reserved);
        Assert.Equal(0, memory.Reserved);
    }

    private static bool Send(byte[] png, ExifOrientation orientation, IImageRowReceiver receiver, DecodeMemory memory)
    {
        using MemoryStream file = new(png);
        return PngOutline.Read(file, leastPixels: 0) is { } outline && PngRows.TrySend(file, outline, orientation, receiver, memory);
    }

    /// <summary>A picture of noise and flat stretches, whose rows are filtered in all five ways and whose data lies in several chunks.</summary>
    private static byte[] Png(Random random, int kind, int samples, int width, int height)
    {
        byte[] filtered = new byte[height * ((width * samples) + 1)];
        random.NextBytes(filtered);
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = filtered.AsSpan(y * ((width * samples) + 1), (width * samples) + 1);
            row[0] = (byte)random.Next(5);
            if (random.Next(3) > 0)
            {
                row[1..].Fill((byte)random.Next(3));
            }
        }

        return PictureFiles.Png(width, height, 8, kind, filtered, CompressionLevel.Fastest, 3);
    }

    private sealed class Rows(DecodeMemory? memory = null) : IImageRowReceiver
    {
        public List<byte> Pixels { get; } = [];

        /// <summary>What was reserved of the memory when the picture began.</summary>
        public long Reserved { get; private set; }

        public void Begin(int width, int height, ExifOrientation orientation)
        {
            Pixels.Clear();
            Reserved = memory?.Reserved ?? 0;
        }

        public void Add(ReadOnlySpan<byte> rows) => Pixels.AddRange(rows.ToArray());
    }
}
