using System.Buffers.Binary;
using System.IO.Hashing;

namespace ZeroShotCir.Imaging.Skia;

/// <summary>What the chunks of a PNG say before it is decoded, of one that is whole and plain.</summary>
internal sealed class PngOutline
{
    private const int HeaderLength = 13;
    private const int FirstChunk = 8;
    private const int LongestRow = 100_000_000;
    private const int ChunkExtra = 12;

    private PngOutline(int width, int height, int samples, IReadOnlyList<(int Start, int Length)> data)
    {
        Width = width;
        Height = height;
        Samples = samples;
        Data = data;
    }

    /// <summary>In pixels.</summary>
    public int Width { get; }

    /// <summary>In pixels.</summary>
    public int Height { get; }

    /// <summary>The bytes of a pixel: gray, gray and alpha, colors, or colors and alpha.</summary>
    public int Samples { get; }

    /// <summary>Where the compressed pixels lie in the file.</summary>
    public IReadOnlyList<(int Start, int Length)> Data { get; }

    /// <summary>Walks the chunks and their checksums.</summary>
    /// <returns><see langword="null"/> where anything is damaged, missing, or not plain: a palette, interlacing, other than 8 bits a sample.</returns>
    public static PngOutline? Read(ReadOnlySpan<byte> png)
    {
        ReadOnlySpan<byte> signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
        if (!png.StartsWith(signature))
        {
            return null;
        }

        (int width, int height, int samples) = (0, 0, 0);
        List<(int Start, int Length)> data = [];
        bool dataEnded = false;
        for (int position = FirstChunk; png.Length - position >= ChunkExtra;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(png[position..]);
            if (length > png.Length - position - ChunkExtra)
            {
                return null;
            }

            ReadOnlySpan<byte> chunk = png.Slice(position + 4, 4 + (int)length);
            if (Crc32.HashToUInt32(chunk) != BinaryPrimitives.ReadUInt32BigEndian(png[(position + 8 + (int)length)..]))
            {
                return null;
            }

            ReadOnlySpan<byte> name = chunk[..4], body = chunk[4..];
            if (position == FirstChunk)
            {
                // Depth 8; compression, filter and interlacing of the only kinds, or none.
                if (!name.SequenceEqual("IHDR"u8) || length != HeaderLength || body[8] != 8 || body[10] != 0 || body[11] != 0 || body[12] != 0)
                {
                    return null;
                }

                (width, height) = (BinaryPrimitives.ReadInt32BigEndian(body), BinaryPrimitives.ReadInt32BigEndian(body[4..]));
                samples = body[9] switch { 0 => 1, 2 => 3, 4 => 2, 6 => 4, _ => 0 };
                if (width < 1 || height < 1 || samples == 0 || width > LongestRow)
                {
                    return null;
                }
            }
            else if (name.SequenceEqual("IDAT"u8))
            {
                if (dataEnded)
                {
                    return null;
                }

                data.Add((position + 8, (int)length));
            }
            else if (name.SequenceEqual("IEND"u8))
            {
                return data.Count > 0 ? new PngOutline(width, height, samples, data) : null;
            }
            else if ((name[0] & 0x20) == 0 || name.SequenceEqual("sBIT"u8))
            {
                // Another chunk that must be understood, or one that says that not all bits count.
                return null;
            }

            dataEnded = data.Count > 0 && !name.SequenceEqual("IDAT"u8);
            position += ChunkExtra + (int)length;
        }

        return null;
    }
}
