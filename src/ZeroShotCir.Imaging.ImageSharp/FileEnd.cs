using System.Buffers.Binary;

namespace ZeroShotCir.Imaging.ImageSharp;

/// <summary>Tells files that end early; ImageSharp fills what is missing without a word.</summary>
internal static class FileEnd
{
    public static bool IsMissing(ImageFormat format, ReadOnlySpan<byte> encoded)
        => format == ImageFormat.Jpeg ? LacksEndOfImage(encoded)
            : format == ImageFormat.Png ? LacksEndChunk(encoded)
            : format == ImageFormat.Gif ? LacksFirstFrame(encoded)
            : format == ImageFormat.Bmp ? LacksRows(encoded)
            : format == ImageFormat.WebP && encoded.Length < 8L + BinaryPrimitives.ReadUInt32LittleEndian(encoded[4..]);

    /// <summary>Walks segments and scans to the end marker; markers inside of segments, as of thumbnails, do not count.</summary>
    private static bool LacksEndOfImage(ReadOnlySpan<byte> jpeg)
    {
        int position = 2;
        while (position + 1 < jpeg.Length)
        {
            int next = jpeg[position..].IndexOf((byte)0xFF);
            if (next < 0 || position + next + 1 >= jpeg.Length)
            {
                return true;
            }

            position += next;
            switch (jpeg[position + 1])
            {
                case 0xD9:
                    return false;
                case 0xFF:
                    position++;
                    break;
                case 0x00 or 0x01 or (>= 0xD0 and <= 0xD8):
                    position += 2;
                    break;
                default:
                    if (position + 3 >= jpeg.Length)
                    {
                        return true;
                    }

                    position += 2 + Math.Max(2, (int)BinaryPrimitives.ReadUInt16BigEndian(jpeg[(position + 2)..]));
                    break;
            }
        }

        return true;
    }

    private static bool LacksEndChunk(ReadOnlySpan<byte> png)
    {
        for (long position = 8; position + 8 <= png.Length;)
        {
            ReadOnlySpan<byte> chunk = png[(int)position..];
            if (chunk.Slice(4, 4).SequenceEqual("IEND"u8))
            {
                return false;
            }

            position += 12L + BinaryPrimitives.ReadUInt32BigEndian(chunk);
        }

        return true;
    }

    /// <summary>Walks extensions to the first frame, and its blocks to their end.</summary>
    private static bool LacksFirstFrame(ReadOnlySpan<byte> gif)
    {
        const int ScreenDescriptor = 13;
        const int FrameDescriptor = 10;
        if (gif.Length < ScreenDescriptor)
        {
            return true;
        }

        int position = ScreenDescriptor + TableLength(gif[10]);
        while (position + FrameDescriptor <= gif.Length)
        {
            bool frame = gif[position] == 0x2C;
            if (!frame && gif[position] != 0x21)
            {
                // What stands here is for the decoder to judge.
                return false;
            }

            // A frame has its table and the size of its codes before the blocks, an extension its label.
            position += frame ? FrameDescriptor + TableLength(gif[position + 9]) + 1 : 2;
            while (position < gif.Length && gif[position] != 0)
            {
                position += gif[position] + 1;
            }

            if (position >= gif.Length || frame)
            {
                return position >= gif.Length;
            }

            position++;
        }

        return true;

        static int TableLength(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
    }

    /// <summary>Counts the rows of an uncompressed bitmap.</summary>
    private static bool LacksRows(ReadOnlySpan<byte> bmp)
    {
        const int CoreHeader = 12;
        if (bmp.Length < 34)
        {
            return true;
        }

        bool core = BinaryPrimitives.ReadInt32LittleEndian(bmp[14..]) == CoreHeader;
        if (!core && BinaryPrimitives.ReadInt32LittleEndian(bmp[30..]) is not (0 or 3 or 6))
        {
            return false;
        }

        long width = core ? BinaryPrimitives.ReadUInt16LittleEndian(bmp[18..]) : BinaryPrimitives.ReadInt32LittleEndian(bmp[18..]);
        long height = core ? BinaryPrimitives.ReadUInt16LittleEndian(bmp[20..]) : Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(bmp[22..]));
        long bits = BinaryPrimitives.ReadUInt16LittleEndian(bmp[(core ? 24 : 28)..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(bmp[10..]) + (((width * bits) + 31) / 32 * 4 * height) > bmp.Length;
    }
}
