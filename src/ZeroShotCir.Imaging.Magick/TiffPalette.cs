using System.Buffers.Binary;

namespace ZeroShotCir.Imaging.Magick;

/// <summary>Reads the colors of a TIFF's palette, whose samples have 16 bits, of which ImageMagick keeps the nearest 8 and Pillow the high byte.</summary>
/// <remarks>Most writers repeat the byte, so that both are the same; others, Pillow among them, write a zero below it.</remarks>
internal static class TiffPalette
{
    private const ushort ColorMap = 320;
    private const ushort UnsignedShort = 3;
    private const int MostColors = 256;

    /// <summary>Red, green and blue of each index; <see langword="null"/> where the first picture has no palette of at most 256 colors, or one that is cut off.</summary>
    public static byte[]? Read(ReadOnlySpan<byte> tiff)
    {
        bool isBig = tiff is [(byte)'I', (byte)'I', 43, ..] or [(byte)'M', (byte)'M', 0, 43, ..];
        bool isLittleEndian = tiff is [(byte)'I', ..];
        (int countBytes, int entryBytes, int valueAt) = isBig ? (8, 20, 12) : (2, 12, 8);
        ulong directory = Number(tiff, isBig ? 8UL : 4UL, isBig ? 8 : 4, isLittleEndian);
        ulong entries = Number(tiff, directory, countBytes, isLittleEndian);
        for (ulong entry = directory + (ulong)countBytes; entries > 0 && entry + (ulong)entryBytes <= (ulong)tiff.Length; entries--, entry += (ulong)entryBytes)
        {
            if (Number(tiff, entry, 2, isLittleEndian) == ColorMap && Number(tiff, entry + 2, 2, isLittleEndian) == UnsignedShort)
            {
                ulong samples = Number(tiff, entry + 4, valueAt - 4, isLittleEndian);
                ulong at = Number(tiff, entry + (ulong)valueAt, valueAt - 4, isLittleEndian);
                return samples is 0 or > 3 * MostColors || samples % 3 != 0 || at > (ulong)tiff.Length || (ulong)tiff.Length - at < 2 * samples
                    ? null
                    : Colors(tiff.Slice((int)at, 2 * (int)samples), isLittleEndian);
            }
        }

        return null;
    }

    /// <summary>All reds come first, then all greens, then all blues.</summary>
    private static byte[] Colors(ReadOnlySpan<byte> samples, bool isLittleEndian)
    {
        int colors = samples.Length / 6, high = isLittleEndian ? 1 : 0;
        byte[] rgb = new byte[3 * colors];

        // Some old writers stored 8 bits.
        bool hasHighBytes = false;
        for (int i = high; i < samples.Length; i += 2)
        {
            hasHighBytes |= samples[i] != 0;
        }

        for (int i = 0; i < rgb.Length; i++)
        {
            rgb[(i % colors * 3) + (i / colors)] = samples[(2 * i) + (hasHighBytes ? high : 1 - high)];
        }

        return rgb;
    }

    /// <summary>A number of 2, 4 or 8 bytes; 0 where the file ends before it.</summary>
    private static ulong Number(ReadOnlySpan<byte> tiff, ulong at, int bytes, bool isLittleEndian)
    {
        if (at > (ulong)tiff.Length || (ulong)tiff.Length - at < (ulong)bytes)
        {
            return 0;
        }

        ReadOnlySpan<byte> number = tiff[(int)at..];
        return bytes switch
        {
            2 => isLittleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(number) : BinaryPrimitives.ReadUInt16BigEndian(number),
            4 => isLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(number) : BinaryPrimitives.ReadUInt32BigEndian(number),
            _ => isLittleEndian ? BinaryPrimitives.ReadUInt64LittleEndian(number) : BinaryPrimitives.ReadUInt64BigEndian(number),
        };
    }
}
