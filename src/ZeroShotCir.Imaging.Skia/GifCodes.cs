namespace ZeroShotCir.Imaging.Skia;

/// <summary>The variable-length codes (LZW) that a GIF holds its pixels in.</summary>
internal static class GifCodes
{
    private const int LargestTable = 4096;
    private const int NoCode = -1;

    /// <summary>Decodes the pixels of a frame.</summary>
    /// <param name="data">Begins with the size of the smallest code; sub-blocks follow.</param>
    /// <param name="pixels">As many indices as the frame has.</param>
    /// <returns>How many indices there were; fewer where the data are cut or damaged.</returns>
    public static int Decode(ReadOnlySpan<byte> data, Span<byte> pixels)
    {
        if (data.IsEmpty || data[0] is < 1 or > 11)
        {
            return 0;
        }

        int literalBits = data[0];
        int clear = 1 << literalBits, end = clear + 1;
        Span<short> prefixes = stackalloc short[LargestTable];
        Span<byte> lasts = stackalloc byte[LargestTable];
        Span<short> lengths = stackalloc short[LargestTable];
        for (int i = 0; i < clear; i++)
        {
            (prefixes[i], lasts[i], lengths[i]) = (NoCode, (byte)i, 1);
        }

        Bits bits = new(data[1..]);
        int width = literalBits + 1, next = end + 1, previous = NoCode, count = 0;
        while (count < pixels.Length && bits.TryRead(width, out int code) && code != end)
        {
            if (code == clear)
            {
                (width, next, previous) = (literalBits + 1, end + 1, NoCode);
                continue;
            }

            if (code > next || (code == next && previous == NoCode) || (code > end && previous == NoCode))
            {
                return count;
            }

            // A code that is just being made is the previous one with its own first index behind it.
            int known = code == next ? previous : code;
            int length = lengths[known];
            int at = known;
            for (int i = length - 1; i >= 0; i--)
            {
                if (count + i < pixels.Length)
                {
                    pixels[count + i] = lasts[at];
                }

                if (i > 0)
                {
                    at = prefixes[at];
                }
            }

            byte first = lasts[at];
            count += length;
            if (code == next && count < pixels.Length)
            {
                pixels[count] = first;
            }

            count += code == next ? 1 : 0;
            if (previous != NoCode && next < LargestTable)
            {
                (prefixes[next], lasts[next], lengths[next]) = ((short)previous, first, (short)(lengths[previous] + 1));
                next++;
                if (next == 1 << width && width < 12)
                {
                    width++;
                }
            }

            previous = code;
        }

        return Math.Min(count, pixels.Length);
    }

    /// <summary>Codes out of sub-blocks, lowest bits first.</summary>
    private ref struct Bits(ReadOnlySpan<byte> blocks)
    {
        private ReadOnlySpan<byte> _rest = blocks;
        private int _leftInBlock;
        private int _buffer;
        private int _held;

        public bool TryRead(int width, out int code)
        {
            while (_held < width)
            {
                if (_leftInBlock == 0)
                {
                    if (_rest.IsEmpty || _rest[0] == 0)
                    {
                        code = 0;
                        return false;
                    }

                    _leftInBlock = _rest[0];
                    _rest = _rest[1..];
                }

                if (_rest.IsEmpty)
                {
                    code = 0;
                    return false;
                }

                _buffer |= _rest[0] << _held;
                _held += 8;
                _rest = _rest[1..];
                _leftInBlock--;
            }

            code = _buffer & ((1 << width) - 1);
            _buffer >>>= width;
            _held -= width;
            return true;
        }
    }
}
