using System.Buffers.Binary;

namespace ZeroShotCir.Imaging.Skia;

/// <summary>BMP with 16 bits a pixel, whose channels Pillow widens to bytes by cutting off and Skia by rounding.</summary>
internal static class SixteenBitBitmap
{
    /// <summary>The largest values of the three channels; <see langword="null"/> where the bytes are no such bitmap.</summary>
    public static (int Red, int Green, int Blue)? LargestOf(ReadOnlySpan<byte> bmp)
    {
        const int SmallestHeader = 54, MasksEnd = 66, BitFields = 3, AlphaBitFields = 6;
        if (bmp.Length < SmallestHeader
            || !bmp.StartsWith("BM"u8)
            || BinaryPrimitives.ReadUInt32LittleEndian(bmp[14..]) < 40
            || BinaryPrimitives.ReadUInt16LittleEndian(bmp[28..]) != 16)
        {
            return null;
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(bmp[30..]) switch
        {
            0 => (31, 31, 31),
            BitFields or AlphaBitFields when bmp.Length >= MasksEnd => (Largest(bmp[54..]), Largest(bmp[58..]), Largest(bmp[62..])),
            _ => null,
        };
    }

    /// <summary>Finds the values before they were rounded and cuts them off.</summary>
    public static void CutOff(Span<byte> rgb, (int Red, int Green, int Blue) largest)
    {
        Span<byte> tables = stackalloc byte[3 * 256];
        Fill(tables[..256], largest.Red);
        Fill(tables.Slice(256, 256), largest.Green);
        Fill(tables[512..], largest.Blue);
        for (int i = 0; i + 2 < rgb.Length; i += 3)
        {
            rgb[i] = tables[rgb[i]];
            rgb[i + 1] = tables[256 + rgb[i + 1]];
            rgb[i + 2] = tables[512 + rgb[i + 2]];
        }
    }

    // A channel of other widths than five or six bits stays as it is.
    private static void Fill(Span<byte> table, int largest)
    {
        for (int i = 0; i < table.Length; i++)
        {
            int value = ((i * largest) + 127) / 255;
            table[i] = largest is 31 or 63 ? (byte)(value * 255 / largest) : (byte)i;
        }
    }

    private static int Largest(ReadOnlySpan<byte> mask) => (1 << int.PopCount((int)BinaryPrimitives.ReadUInt32LittleEndian(mask))) - 1;
}
