using System.Buffers.Binary;
using System.IO.Compression;
using SkiaSharp;

namespace ZeroShotCir.Tests;

/// <summary>Encoded pictures as cameras and programs store them.</summary>
internal static class PictureFiles
{
    /// <summary>Draws a picture and encodes it.</summary>
    public static byte[] Encode(SKEncodedImageFormat format, int width, int height)
    {
        using SKBitmap bitmap = new(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (int i = 0; i < width * height; i++)
        {
            bitmap.SetPixel(i % width, i / width, new SKColor((byte)(i % width * 5), (byte)(i / width * 4), (byte)(i % 251)));
        }

        using SKData data = bitmap.Encode(format, format == SKEncodedImageFormat.Webp ? 100 : 90);
        return data.ToArray();
    }

    /// <summary>Puts an EXIF block with the orientation into an encoded picture.</summary>
    public static byte[] Tag(byte[] encoded, SKEncodedImageFormat format, int orientation)
    {
        byte[] tiff = [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];
        if (format == SKEncodedImageFormat.Jpeg)
        {
            return [0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(tiff.Length + 8), .. "Exif\0\0"u8, .. tiff, .. encoded.AsSpan(2)];
        }

        byte[] length = new byte[4];
        if (format == SKEncodedImageFormat.Png)
        {
            BinaryPrimitives.WriteInt32BigEndian(length, tiff.Length);
            byte[] chunk = [.. "eXIf"u8, .. tiff];
            byte[] checksum = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32(chunk));
            return [.. encoded.AsSpan(0, 33), .. length, .. chunk, .. checksum, .. encoded.AsSpan(33)];
        }

        BinaryPrimitives.WriteInt32LittleEndian(length, tiff.Length);
        byte[] webp = [.. encoded, .. "EXIF"u8, .. length, .. tiff];
        BinaryPrimitives.WriteInt32LittleEndian(webp.AsSpan(4), webp.Length - 8);
        return webp;
    }

    /// <summary>A PNG of rows that are filtered already.</summary>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    /// <param name="depth">The bits of a sample.</param>
    /// <param name="kind">The color type.</param>
    /// <param name="filtered">The rows, each behind its filter.</param>
    /// <param name="level">How well they are compressed.</param>
    /// <param name="pieces">How many chunks they are cut into, but for a rest.</param>
    public static byte[] Png(int width, int height, int depth, int kind, byte[] filtered, CompressionLevel level, int pieces)
    {
        using MemoryStream compressed = new();
        using (ZLibStream zlib = new(compressed, level, leaveOpen: true))
        {
            zlib.Write(filtered);
        }

        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = ((byte)depth, (byte)kind);
        using MemoryStream png = new();
        png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        Chunk(png, "IHDR"u8, header);
        foreach (byte[] piece in compressed.ToArray().Chunk(Math.Max(1, (int)compressed.Length / pieces)))
        {
            Chunk(png, "IDAT"u8, piece);
        }

        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    /// <summary>Writes a chunk of a PNG with its length and its checksum.</summary>
    public static void Chunk(Stream png, ReadOnlySpan<byte> name, ReadOnlySpan<byte> body)
    {
        byte[] number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, body.Length);
        png.Write(number);
        byte[] chunk = [.. name, .. body];
        png.Write(chunk);
        BinaryPrimitives.WriteUInt32BigEndian(number, System.IO.Hashing.Crc32.HashToUInt32(chunk));
        png.Write(number);
    }

    public static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
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
