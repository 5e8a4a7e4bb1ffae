namespace ZeroShotCir.Tests;

/// <summary>Writes GIFs by the letter of the specification, with real codes of variable length.</summary>
internal sealed class GifWriter
{
    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>Of an index; the palette has as many entries as that allows.</summary>
    public required int Bits { get; init; }

    public required (int Left, int Top, int Width, int Height) Frame { get; init; }

    public int? Transparent { get; init; }

    public byte Background { get; init; }

    public bool IsInterlaced { get; init; }

    public static IEnumerable<byte> Colour(byte index) => [(byte)(index * 3), (byte)(255 - index), (byte)(index ^ 0x55)];

    public byte[] Write(byte[] indices)
    {
        List<byte> gif = [.. "GIF89a"u8, .. Word(Width), .. Word(Height), (byte)(0x80 | (Bits - 1)), Background, 0];
        for (int i = 0; i < 1 << Bits; i++)
        {
            gif.AddRange(Colour((byte)i));
        }

        // A comment before the frame, and a control extension where a colour is transparent.
        gif.AddRange([0x21, 0xFE, 2, (byte)',', (byte)';', 0]);
        if (Transparent is { } transparent)
        {
            gif.AddRange([0x21, 0xF9, 4, 1, 0, 0, (byte)transparent, 0]);
        }

        gif.AddRange([(byte)',', .. Word(Frame.Left), .. Word(Frame.Top), .. Word(Frame.Width), .. Word(Frame.Height), (byte)(IsInterlaced ? 0x40 : 0)]);
        byte[] stored = IsInterlaced ? [.. Interlaced().SelectMany(row => indices.Skip(row * Frame.Width).Take(Frame.Width))] : indices;
        int smallest = Math.Max(2, Bits);
        gif.Add((byte)smallest);
        foreach (byte[] block in Codes(stored, smallest).Chunk(255))
        {
            gif.Add((byte)block.Length);
            gif.AddRange(block);
        }

        gif.AddRange([0, (byte)';']);
        return [.. gif];
    }

    private static byte[] Word(int value) => [(byte)value, (byte)(value >> 8)];

    private static List<byte> Codes(byte[] indices, int smallest)
    {
        int clear = 1 << smallest, width = smallest + 1, held = 0, buffer = 0;
        List<byte> bytes = [];
        Dictionary<string, int> table = [];
        Reset();
        Put(clear);
        string current = "";
        foreach (byte index in indices)
        {
            string longer = current + (char)index;
            if (table.ContainsKey(longer))
            {
                current = longer;
                continue;
            }

            Put(table[current]);
            if (table.Count + 2 < 4096)
            {
                table.Add(longer, table.Count + 2);
                width = table.Count + 2 > 1 << width ? width + 1 : width;
            }
            else
            {
                Put(clear);
                Reset();
            }

            current = $"{(char)index}";
        }

        Put(table[current]);
        Put(clear + 1);
        bytes.Add((byte)buffer);
        return bytes;

        void Reset()
        {
            table = Enumerable.Range(0, clear).ToDictionary(i => $"{(char)i}", i => i, StringComparer.Ordinal);
            width = smallest + 1;
        }

        void Put(int code)
        {
            buffer |= code << held;
            for (held += width; held >= 8; held -= 8)
            {
                bytes.Add((byte)buffer);
                buffer >>= 8;
            }
        }
    }

    private IEnumerable<int> Interlaced()
        => ((int, int)[])[(0, 8), (4, 8), (2, 4), (1, 2)] is var passes
            ? passes.SelectMany(pass => Enumerable.Range(0, Frame.Height).Where(row => row % pass.Item2 == pass.Item1))
            : [];
}
