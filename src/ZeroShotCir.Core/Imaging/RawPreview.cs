using System.Buffers.Binary;

namespace ZeroShotCir.Imaging;

/// <summary>Finds the JPEG that cameras put into their raw files for those who cannot develop them.</summary>
/// <remarks>
/// Knows what is built as TIFF is (DNG, NEF, ARW, CR2, PEF, SRW, RW2), and RAF. A TIFF is a raw file where it says so by DNG's version
/// or holds the samples of a color filter: other files with JPEGs in them are left alone. Never throws. Thread-safe.
/// </remarks>
internal static class RawPreview
{
    private const int EntryBytes = 12;
    private const int MostEntries = 512;
    private const int MostDirectories = 64;
    private const int MostStrips = 1;

    /// <summary>The preview with the most pixels; nothing where the file is no raw file or has none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> encoded) => encoded switch
    {
        [(byte)'I', (byte)'I', 42 or (byte)'U', 0, ..] => InTiff(encoded, isLittleEndian: true),
        [(byte)'M', (byte)'M', 0, 42, ..] => InTiff(encoded, isLittleEndian: false),
        [(byte)'F', (byte)'U', (byte)'J', (byte)'I', ..] when encoded.Length > 92 && encoded.StartsWith("FUJIFILMCCD-RAW "u8)
            => InRaf(encoded),
        _ => default,
    };

    private static ReadOnlySpan<byte> InRaf(ReadOnlySpan<byte> raf)
    {
        uint offset = BinaryPrimitives.ReadUInt32BigEndian(raf[84..]);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(raf[88..]);
        ReadOnlySpan<byte> jpeg = Slice(raf, offset, length);
        return PixelsOf(jpeg) > 0 ? jpeg : default;
    }

    private static ReadOnlySpan<byte> InTiff(ReadOnlySpan<byte> tiff, bool isLittleEndian)
    {
        // CR2 and RW2 say what they are by their first bytes.
        bool isRaw = tiff[2] == (byte)'U' || tiff is [_, _, _, _, _, _, _, _, (byte)'C', (byte)'R', ..];
        ReadOnlySpan<byte> best = default;
        List<uint> directories = [Number(tiff, 4, 4, isLittleEndian)];
        for (int i = 0; i < directories.Count; i++)
        {
            Directory directory = Read(tiff, directories[i], isLittleEndian);
            isRaw |= directory.IsRaw;
            foreach ((uint offset, uint length) in directory.Jpegs)
            {
                ReadOnlySpan<byte> jpeg = Slice(tiff, offset, length);
                best = PixelsOf(jpeg) > PixelsOf(best) ? jpeg : best;
            }

            foreach (uint other in directory.Others)
            {
                if (other != 0 && directories.Count < MostDirectories && !directories.Contains(other))
                {
                    directories.Add(other);
                }
            }
        }

        return isRaw ? best : default;
    }

    private static Directory Read(ReadOnlySpan<byte> tiff, uint at, bool isLittleEndian)
    {
        const ushort Compression = 259, Photometric = 262, StripOffsets = 273, StripLengths = 279, SubDirectories = 330;
        const ushort JpegOffset = 513, JpegLength = 514, PanasonicJpeg = 46, DngVersion = 50706;
        const uint ColorFilter = 32803, LinearRaw = 34892, OldJpeg = 6, Jpeg = 7;
        Directory directory = new();
        uint compression = 0;
        (uint Offset, uint Length) strip = default, jpeg = default;
        long entries = Math.Min(Number(tiff, at, 2, isLittleEndian), MostEntries), entry = at + 2L;
        for (; entries > 0; entries--, entry += EntryBytes)
        {
            uint count = Number(tiff, entry + 4, 4, isLittleEndian);
            bool isShort = Number(tiff, entry + 2, 2, isLittleEndian) == 3;
            uint value = Number(tiff, entry + 8, isShort && count == 1 ? 2 : 4, isLittleEndian);
            switch (Number(tiff, entry, 2, isLittleEndian))
            {
                case Compression:
                    compression = value;
                    break;
                case Photometric:
                    directory.IsRaw |= value is ColorFilter or LinearRaw;
                    break;
                case DngVersion:
                    directory.IsRaw = true;
                    break;
                case StripOffsets when count <= MostStrips:
                    strip.Offset = value;
                    break;
                case StripLengths when count <= MostStrips:
                    strip.Length = value;
                    break;
                case JpegOffset:
                    jpeg.Offset = value;
                    break;
                case JpegLength:
                    jpeg.Length = value;
                    break;
                case PanasonicJpeg:
                    directory.Jpegs.Add((value, count));
                    break;
                case SubDirectories:
                    for (uint i = 0; i < Math.Min(count, MostDirectories); i++)
                    {
                        directory.Others.Add(count == 1 ? value : Number(tiff, value + (4L * i), 4, isLittleEndian));
                    }

                    break;
            }
        }

        directory.Jpegs.Add(jpeg);
        if (compression is OldJpeg or Jpeg)
        {
            directory.Jpegs.Add(strip);
        }

        directory.Others.Add(Number(tiff, entry, 4, isLittleEndian));
        return directory;
    }

    /// <summary>The pixels of a JPEG that everybody reads; 0 for others, such as the lossless ones in which cameras keep their samples.</summary>
    private static long PixelsOf(ReadOnlySpan<byte> jpeg)
    {
        if (jpeg is not [0xFF, 0xD8, 0xFF, ..])
        {
            return 0;
        }

        ReadOnlySpan<byte> rest = jpeg[2..];
        while (rest is [0xFF, var marker, _, _, ..] && marker != 0xDA)
        {
            if (marker is 0xC0 or 0xC1 or 0xC2)
            {
                return rest.Length > 9 && rest[4] == 8 ? (long)BinaryPrimitives.ReadUInt16BigEndian(rest[5..]) * BinaryPrimitives.ReadUInt16BigEndian(rest[7..]) : 0;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) + 2;
            rest = length <= rest.Length ? rest[length..] : default;
        }

        return 0;
    }

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> bytes, uint offset, uint length)
        => offset <= (uint)bytes.Length && length <= (uint)bytes.Length - offset ? bytes.Slice((int)offset, (int)length) : default;

    /// <summary>A number of 2 or 4 bytes; 0 where the file ends before it.</summary>
    private static uint Number(ReadOnlySpan<byte> tiff, long at, int bytes, bool isLittleEndian)
    {
        if (at > tiff.Length - bytes)
        {
            return 0;
        }

        ReadOnlySpan<byte> number = tiff[(int)at..];
        return (bytes, isLittleEndian) switch
        {
            (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(number),
            (2, false) => BinaryPrimitives.ReadUInt16BigEndian(number),
            (_, true) => BinaryPrimitives.ReadUInt32LittleEndian(number),
            _ => BinaryPrimitives.ReadUInt32BigEndian(number),
        };
    }

    private sealed class Directory
    {
        public bool IsRaw { get; set; }

        public List<(uint Offset, uint Length)> Jpegs { get; } = [];

        public List<uint> Others { get; } = [];
    }
}
