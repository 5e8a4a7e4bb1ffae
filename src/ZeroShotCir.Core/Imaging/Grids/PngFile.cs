using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace ZeroShotCir.Imaging.Grids;

/// <summary>Writes pixels as PNG (W3C, third edition): 8-bit RGB, one chunk, every row by its difference to the one above.</summary>
internal static class PngFile
{
    private const byte Up = 2;

    public static ImageData Encode(ReadOnlySpan<byte> pixels, int width, int height)
    {
        using MemoryStream file = new();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8; // Bits of a sample.
        header[9] = 2; // Red, green, blue.
        header[10..].Clear();
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Compress(pixels, width * 3, height));
        WriteChunk(file, "IEND"u8, []);
        return new ImageData(file.ToArray(), "image/png");
    }

    private static byte[] Compress(ReadOnlySpan<byte> pixels, int stride, int height)
    {
        using MemoryStream compressed = new();
        using (ZLibStream zip = new(compressed, CompressionLevel.Fastest))
        {
            byte[] row = new byte[stride + 1];
            row[0] = Up;
            for (int y = 0; y < height; y++)
            {
                ReadOnlySpan<byte> here = pixels.Slice(y * stride, stride);
                for (int x = 0; x < stride; x++)
                {
                    row[x + 1] = (byte)(here[x] - (y == 0 ? 0 : pixels[((y - 1) * stride) + x]));
                }

                zip.Write(row);
            }
        }

        return compressed.ToArray();
    }

    private static void WriteChunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        Crc32 checksum = new();
        checksum.Append(type);
        checksum.Append(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, checksum.GetCurrentHashAsUInt32());
        file.Write(number);
    }
}
