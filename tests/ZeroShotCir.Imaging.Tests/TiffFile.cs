using System.Buffers.Binary;

namespace ZeroShotCir.Tests;

/// <summary>Uncompressed TIFF files in one strip, written by hand, so that every sample is known.</summary>
internal static class TiffFile
{
    public static byte[] OnePixel(ushort photometric, byte[] samples) => Write(1, 1, photometric, (ushort)samples.Length, samples);

    public static byte[] Write(int width, int height, ushort photometric, ushort samples, byte[] data, ushort bits = 8)
        => Write(width, height, photometric, samples, data, [], bits);

    /// <summary>A picture of indices, whose palette has all reds, then all greens, then all blues.</summary>
    public static byte[] Indexed(int width, int height, byte[] indices, ushort[] palette) => Write(width, height, photometric: 3, samples: 1, indices, palette, bits: 8);

    private static byte[] Write(int width, int height, ushort photometric, ushort samples, byte[] data, ushort[] palette, ushort bits)
    {
        int tagCount = palette.Length == 0 ? 9 : 10;
        int directory = 8;
        int bitsAt = directory + 2 + (tagCount * 12) + 4;
        int paletteAt = bitsAt + (2 * samples);
        int dataAt = paletteAt + (2 * palette.Length);
        byte[] file = new byte[dataAt + data.Length];
        "II*\0"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), directory);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(directory), (ushort)tagCount);
        (ushort Tag, ushort Type, int Count, int Value)[] tags =
        [
            (256, 4, 1, width), (257, 4, 1, height), (258, 3, samples, samples <= 2 ? bits | (bits << 16) : bitsAt), (259, 3, 1, 1), (262, 3, 1, photometric),
            (273, 4, 1, dataAt), (277, 3, 1, samples), (278, 4, 1, height), (279, 4, 1, data.Length), (320, 3, palette.Length, paletteAt),
        ];
        for (int i = 0; i < tagCount; i++)
        {
            Span<byte> entry = file.AsSpan(directory + 2 + (12 * i));
            BinaryPrimitives.WriteUInt16LittleEndian(entry, tags[i].Tag);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], tags[i].Type);
            BinaryPrimitives.WriteInt32LittleEndian(entry[4..], tags[i].Count);
            BinaryPrimitives.WriteInt32LittleEndian(entry[8..], tags[i].Value);
        }

        for (int i = 0; i < samples; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(bitsAt + (2 * i)), bits);
        }

        for (int i = 0; i < palette.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(paletteAt + (2 * i)), palette[i]);
        }

        data.CopyTo(file, dataAt);
        return file;
    }
}
