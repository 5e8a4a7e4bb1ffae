using System.Buffers;
using System.Buffers.Binary;
using SkiaSharp;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;

namespace ZeroShotCir.Tests;

/// <summary>Pictures that a camera stored turned or mirrored.</summary>
public sealed class StoredOrientationTests
{
    private static readonly SkiaImageDecoder Decoder = new();

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Every_orientation_is_applied_or_ignored_as_asked(SKEncodedImageFormat format)
    {
        byte[] plain = PictureFiles.Encode(format, 37, 50);
        using RgbImage stored = Decoder.Decode(plain, new DecodeOptions());
        for (int orientation = 1; orientation <= 8; orientation++)
        {
            byte[] tagged = PictureFiles.Tag(plain, format, orientation);
            using RgbImage ignored = Decoder.Decode(tagged, new DecodeOptions { Orientation = ImageOrientation.Ignore });
            using RgbImage applied = Decoder.Decode(tagged, new DecodeOptions());
            using RgbImage expected = stored.Turn((ExifOrientation)orientation);
            Assert.Equal((37, 50), (ignored.Width, ignored.Height));
            Assert.True(stored.Pixels.Span.SequenceEqual(ignored.Pixels.Span));
            Assert.Equal((expected.Width, expected.Height), (applied.Width, applied.Height));
            Assert.True(expected.Pixels.Span.SequenceEqual(applied.Pixels.Span), $"{format} {orientation}");
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(1000)]
    public void What_a_chat_model_gets_is_upright_however_large_the_picture_is(int maxEdge)
    {
        ImageData image = ImageData.FromBytes(PictureFiles.Tag(PictureFiles.Encode(SKEncodedImageFormat.Jpeg, 64, 40), SKEncodedImageFormat.Jpeg, 6));
        ImageData sent = new SkiaImageShrinker(Decoder).Shrink(image, maxEdge);
        Assert.Equal(ExifOrientation.Upright, ExifReader.ReadOrientation(sent.Data.Span));
        using RgbImage pixels = Decoder.Decode(sent);
        Assert.True(pixels.Height > pixels.Width && pixels.Height <= maxEdge, $"{pixels.Width} × {pixels.Height}");
        ImageData small = ImageData.FromBytes(PictureFiles.Encode(SKEncodedImageFormat.Jpeg, 64, 40));
        Assert.Same(small, new SkiaImageShrinker(Decoder).Shrink(small, 1000));
    }

    [Fact]
    public void What_lies_in_pooled_memory_never_shows()
    {
        List<byte[]> files = [new GifWriter { Width = 30, Height = 20, Bits = 4, Frame = (5, 5, 10, 10) }.Write(new byte[100]), RunLengthBitmap()];
        SKEncodedImageFormat[] formats = [SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp];
        files.AddRange(formats.Select(format => PictureFiles.Encode(format, 33, 21)));
        foreach (byte[] file in files)
        {
            Assert.Equal(Run(0x00), Run(0xEE));

            byte[] Run(byte poison)
            {
                foreach (byte[][] arrays in Enumerable.Range(4, 12).Select(power => Enumerable.Range(0, 6).Select(_ => ArrayPool<byte>.Shared.Rent(1 << power)).ToArray()))
                {
                    foreach (byte[] array in arrays)
                    {
                        array.AsSpan().Fill(poison);
                        ArrayPool<byte>.Shared.Return(array);
                    }
                }

                using RgbImage image = Decoder.Decode(file, new DecodeOptions());
                return image.Pixels.ToArray();
            }
        }
    }

    [Fact]
    public void Every_picture_that_was_disposed_gives_its_memory_back()
    {
        DecodeMemory memory = new(1 << 20);
        DecodeOptions options = new() { Memory = memory };
        foreach (SKEncodedImageFormat format in (SKEncodedImageFormat[])[SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp])
        {
            byte[] tagged = PictureFiles.Tag(PictureFiles.Encode(format, 37, 50), format, 6);
            using (RgbImage image = Decoder.Decode(tagged, options))
            {
                Assert.InRange(memory.Reserved, image.Pixels.Length, 2 * image.Pixels.Length);
            }

            Assert.Throws<InvalidImageException>(() => Decoder.Decode(tagged.AsSpan(0, tagged.Length - (tagged.Length / 2)), options));
            Assert.Equal(0, memory.Reserved);
        }
    }

    [Fact]
    public void Sixteen_bit_bitmaps_are_cut_off_as_Pillow_does()
    {
        byte[] bitmap = SixteenBits([.. Enumerable.Range(0, 32).Select(v => (ushort)(v | (v << 5) | ((31 - v) << 10)))]);
        using RgbImage image = Decoder.Decode(bitmap, new DecodeOptions());
        Assert.Equal(Enumerable.Range(0, 32).SelectMany(v => (byte[])[(byte)((31 - v) * 255 / 31), (byte)(v * 255 / 31), (byte)(v * 255 / 31)]), image.Pixels.ToArray());
    }

    [Fact]
    public void Twelve_bit_jpeg_is_named_as_such()
    {
        byte[] jpeg = PictureFiles.Encode(SKEncodedImageFormat.Jpeg, 20, 20);
        int frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        jpeg[frame + 1] = 0xC1;
        jpeg[frame + 4] = 12;
        Assert.Contains("12-bit JPEG is not supported", Assert.Throws<InvalidImageException>(() => Decoder.Decode(jpeg, new DecodeOptions())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_name_the_limit_and_the_option_of_the_tool()
    {
        byte[] png = PictureFiles.Encode(SKEncodedImageFormat.Png, 20, 20);
        string pixels = Assert.Throws<InvalidImageException>(() => Decoder.Decode(png, new DecodeOptions { Limits = new DecodeLimits { MaxPixels = 399 } })).Message;
        string bytes = Assert.Throws<InvalidImageException>(() => Decoder.Decode(png, new DecodeOptions { Limits = new DecodeLimits { MaxBytes = 10 } })).Message;
        Assert.Contains("--max-pixels", pixels, StringComparison.Ordinal);
        Assert.Contains("--max-bytes", bytes, StringComparison.Ordinal);
    }

    private static byte[] SixteenBits(ushort[] row)
    {
        byte[] bitmap = new byte[54 + (row.Length * 2)];
        "BM"u8.CopyTo(bitmap);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(2), bitmap.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(10), 54);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(18), row.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(22), 1);
        bitmap[26] = 1;
        bitmap[28] = 16;
        for (int i = 0; i < row.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bitmap.AsSpan(54 + (i * 2)), row[i]);
        }

        return bitmap;
    }

    /// <summary>A bitmap in run-length encoding that skips most of its pixels.</summary>
    private static byte[] RunLengthBitmap()
    {
        byte[] codes = [3, 1, 0, 2, 2, 1, 4, 2, 0, 1];
        byte[] bitmap = new byte[54 + (4 * 256) + codes.Length];
        "BM"u8.CopyTo(bitmap);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(2), bitmap.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(10), 54 + (4 * 256));
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(18), 16);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(22), 8);
        bitmap[26] = 1;
        bitmap[28] = 8;
        bitmap[30] = 1;
        bitmap.AsSpan(54, 4 * 256).Fill(0x77);
        codes.CopyTo(bitmap, 54 + (4 * 256));
        return bitmap;
    }
}
