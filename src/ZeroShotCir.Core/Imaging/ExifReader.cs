using System.Buffers.Binary;

namespace ZeroShotCir.Imaging;

/// <summary>Reads the orientation that a camera or scanner wrote into a picture.</summary>
/// <remarks>
/// Knows EXIF in JPEG (APP1), PNG (eXIf) and WebP (EXIF chunk), and TIFF itself, in both byte orders. The rotation of HEIC and AVIF
/// belongs to their decoding, by which their EXIF is superseded, so they count as upright here. Never throws: what cannot be read
/// says nothing. Thread-safe.
/// </remarks>
public static class ExifReader
{
    private const ushort OrientationTag = 0x0112;
    private const int EntryBytes = 12;

    /// <summary>Reads the orientation of an encoded picture.</summary>
    /// <param name="encoded">The encoded bytes.</param>
    /// <returns>The orientation; <see cref="ExifOrientation.Upright"/> where none is written, or one that is not from 1 to 8.</returns>
    public static ExifOrientation ReadOrientation(ReadOnlySpan<byte> encoded) => encoded switch
    {
        [0xFF, 0xD8, ..] => OfTiff(InJpeg(encoded)),
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => OfTiff(InPng(encoded[8..])),
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => OfTiff(InWebP(encoded[12..])),
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => OfTiff(encoded),
        _ => ExifOrientation.Upright,
    };

    private static ReadOnlySpan<byte> InJpeg(ReadOnlySpan<byte> jpeg)
    {
        const byte App1 = 0xE1, StartOfScan = 0xDA, EndOfImage = 0xD9;
        ReadOnlySpan<byte> rest = jpeg[2..];
        while (rest.Length >= 4 && rest[0] == 0xFF)
        {
            byte marker = rest[1];
            if (marker == 0xFF)
            {
                rest = rest[1..];
                continue;
            }

            if (marker is StartOfScan or EndOfImage)
            {
                break;
            }

            if (marker is 0x01 or (>= 0xD0 and <= 0xD8))
            {
                rest = rest[2..];
                continue;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (length < 2)
            {
                break;
            }

            ReadOnlySpan<byte> segment = rest[4..Math.Min(2 + length, rest.Length)];
            if (marker == App1 && segment.StartsWith("Exif\0\0"u8))
            {
                return segment;
            }

            rest = rest[Math.Min(2 + length, rest.Length)..];
        }

        return default;
    }

    private static ReadOnlySpan<byte> InPng(ReadOnlySpan<byte> chunks)
    {
        const int HeaderBytes = 8, ChecksumBytes = 4;
        while (chunks.Length >= HeaderBytes)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(chunks);
            if (length > chunks.Length - HeaderBytes)
            {
                break;
            }

            if (chunks[4..HeaderBytes].SequenceEqual("eXIf"u8))
            {
                return chunks.Slice(HeaderBytes, (int)length);
            }

            chunks = chunks[(int)Math.Min(HeaderBytes + (long)length + ChecksumBytes, chunks.Length)..];
        }

        return default;
    }

    private static ReadOnlySpan<byte> InWebP(ReadOnlySpan<byte> chunks)
    {
        const int HeaderBytes = 8;
        while (chunks.Length >= HeaderBytes)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(chunks[4..]);
            if (length > chunks.Length - HeaderBytes)
            {
                break;
            }

            if (chunks[..4].SequenceEqual("EXIF"u8))
            {
                return chunks.Slice(HeaderBytes, (int)length);
            }

            // Chunks of an odd length are followed by a byte of padding.
            chunks = chunks[(int)Math.Min(HeaderBytes + (long)length + (length & 1), chunks.Length)..];
        }

        return default;
    }

    private static ExifOrientation OfTiff(ReadOnlySpan<byte> exif)
    {
        // Some programs write the prefix of JPEG's segments into PNG and WebP too.
        ReadOnlySpan<byte> tiff = exif.StartsWith("Exif\0\0"u8) ? exif[6..] : exif;
        bool isLittleEndian = tiff is [(byte)'I', (byte)'I', 42, 0, _, _, _, _, ..];
        if (!isLittleEndian && tiff is not [(byte)'M', (byte)'M', 0, 42, _, _, _, _, ..])
        {
            return ExifOrientation.Upright;
        }

        uint offset = UInt32(tiff[4..], isLittleEndian);
        if (offset > tiff.Length - 2)
        {
            return ExifOrientation.Upright;
        }

        ReadOnlySpan<byte> entries = tiff[(int)offset..];
        int count = UInt16(entries, isLittleEndian);
        entries = entries[2..];
        for (; count > 0 && entries.Length >= EntryBytes; count--, entries = entries[EntryBytes..])
        {
            if (UInt16(entries, isLittleEndian) == OrientationTag)
            {
                return Value(entries, isLittleEndian) is >= 1 and <= 8 and var value ? (ExifOrientation)value : ExifOrientation.Upright;
            }
        }

        return ExifOrientation.Upright;
    }

    private static uint Value(ReadOnlySpan<byte> entry, bool isLittleEndian) => UInt16(entry[2..], isLittleEndian) switch
    {
        1 => entry[8],
        3 => UInt16(entry[8..], isLittleEndian),
        4 => UInt32(entry[8..], isLittleEndian),
        _ => 0,
    };

    private static ushort UInt16(ReadOnlySpan<byte> bytes, bool isLittleEndian)
        => isLittleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool isLittleEndian)
        => isLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
