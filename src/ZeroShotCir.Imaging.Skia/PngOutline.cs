using System.Buffers.Binary;
using System.IO.Hashing;
using ZeroShotCir.Buffers;

namespace ZeroShotCir.Imaging.Skia;

/// <summary>What the chunks of a PNG say before it is decoded, of one that is whole and plain.</summary>
internal sealed class PngOutline
{
    /// <summary>Where the first chunk begins: after the signature.</summary>
    public const int FirstChunk = 8;

    /// <summary>From so many pixels on a PNG is read row by row: smaller ones are no burden to hold, and Skia is quicker.</summary>
    public const int LargestWhole = 4_000_000;

    private const int HeaderLength = 13;
    private const int LongestRow = 100_000_000;
    private const int ChunkExtra = 12;

    private const int BufferBytes = 1 << 16;

    private PngOutline(int width, int height, int samples, IReadOnlyList<(int Start, int Length)> data, (int Start, int Length)? exif, bool endsFile)
    {
        Width = width;
        Height = height;
        Samples = samples;
        Data = data;
        Exif = exif;
        EndsFile = endsFile;
    }

    /// <summary>In pixels.</summary>
    public int Width { get; }

    /// <summary>In pixels.</summary>
    public int Height { get; }

    /// <summary>The bytes of a pixel: gray, gray and alpha, colors, or colors and alpha.</summary>
    public int Samples { get; }

    /// <summary>Where the compressed pixels lie in the file.</summary>
    public IReadOnlyList<(int Start, int Length)> Data { get; }

    /// <summary>Where the first EXIF chunk lies in the file, its length and name included; <see langword="null"/> where there is none.</summary>
    public (int Start, int Length)? Exif { get; }

    /// <summary>Whether nothing follows the last chunk.</summary>
    public bool EndsFile { get; }

    /// <summary>Walks the chunks and their checksums.</summary>
    /// <param name="png">The file, which is read from its beginning.</param>
    /// <param name="leastPixels">Of a picture with fewer no more than the header is read.</param>
    /// <returns><see langword="null"/> where it has fewer pixels, or anything is damaged, missing, or not plain: a palette, interlacing, other than 8 bits a sample.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PngOutline? Read(Stream png, long leastPixels)
    {
        ReadOnlySpan<byte> signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
        using RentedArray<byte> room = new(BufferBytes + 4);
        Span<byte> buffer = room.Span[..BufferBytes], expected = room.Span[BufferBytes..];
        png.Position = 0;
        if (png.Length > int.MaxValue || !TryRead(png, buffer[..FirstChunk]) || !buffer.StartsWith(signature))
        {
            return null;
        }

        int fileLength = (int)png.Length;
        (int width, int height, int samples) = (0, 0, 0);
        List<(int Start, int Length)> data = [];
        (int Start, int Length)? exif = null;
        bool dataEnded = false;
        for (int position = FirstChunk; fileLength - position >= ChunkExtra;)
        {
            Span<byte> head = buffer[..8];
            if (!TryRead(png, head))
            {
                return null;
            }

            uint length = BinaryPrimitives.ReadUInt32BigEndian(head);
            uint name = BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
            if (length > fileLength - position - ChunkExtra)
            {
                return null;
            }

            Crc32 checksum = new();
            checksum.Append(head[4..]);
            ReadOnlySpan<byte> body = default;
            for (int left = (int)length; left > 0; left -= body.Length)
            {
                Span<byte> piece = buffer[..Math.Min(left, buffer.Length)];
                if (!TryRead(png, piece))
                {
                    return null;
                }

                checksum.Append(piece);
                body = piece;
            }

            if (!TryRead(png, expected) || checksum.GetCurrentHashAsUInt32() != BinaryPrimitives.ReadUInt32BigEndian(expected))
            {
                return null;
            }

            if (position == FirstChunk)
            {
                // Depth 8; compression, filter and interlacing of the only kinds, or none.
                if (name != Name("IHDR"u8) || length != HeaderLength || body[8] != 8 || body[10] != 0 || body[11] != 0 || body[12] != 0)
                {
                    return null;
                }

                (width, height) = (BinaryPrimitives.ReadInt32BigEndian(body), BinaryPrimitives.ReadInt32BigEndian(body[4..]));
                samples = body[9] switch { 0 => 1, 2 => 3, 4 => 2, 6 => 4, _ => 0 };
                if (width < 1 || height < 1 || samples == 0 || width > LongestRow || (long)width * height < leastPixels)
                {
                    return null;
                }
            }
            else if (name == Name("IDAT"u8))
            {
                if (dataEnded)
                {
                    return null;
                }

                data.Add((position + 8, (int)length));
            }
            else if (name == Name("IEND"u8))
            {
                return data.Count > 0 ? new PngOutline(width, height, samples, data, exif, position + ChunkExtra + (int)length == fileLength) : null;
            }
            else if ((name & 0x20000000) == 0 || name == Name("sBIT"u8))
            {
                // Another chunk that must be understood, or one that says that not all bits count.
                return null;
            }
            else if (name == Name("eXIf"u8))
            {
                exif ??= (position, 8 + (int)length);
            }

            dataEnded = data.Count > 0 && name != Name("IDAT"u8);
            position += ChunkExtra + (int)length;
        }

        return null;
    }

    private static uint Name(ReadOnlySpan<byte> name) => BinaryPrimitives.ReadUInt32BigEndian(name);

    private static bool TryRead(Stream png, Span<byte> destination) => png.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false) == destination.Length;
}
