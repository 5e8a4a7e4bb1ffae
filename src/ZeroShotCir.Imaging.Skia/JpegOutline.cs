namespace ZeroShotCir.Imaging.Skia;

/// <summary>What the markers of a JPEG stream say before it is decoded.</summary>
internal sealed class JpegOutline
{
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;

    private bool _isSequential;
    private bool _hasUsualSampling;

    private JpegOutline()
    {
    }

    /// <summary>The bits of a sample; 8 where no frame was found.</summary>
    public int Precision { get; private set; } = 8;

    /// <summary>Whether the image comes in several scans, so that a decoder keeps all of its coefficients.</summary>
    public bool HasSeveralScans { get; private set; }

    /// <summary>Whether the image comes in several scans and its end is missing; the decoder would accept it with what was there.</summary>
    /// <remarks>Of an image in one scan the decoder itself knows whether it is whole.</remarks>
    public bool LacksScans { get; private set; }

    /// <summary>Whether it is what cameras write: one scan of gray or of three components, Huffman-coded, the last two in full size or halved.</summary>
    public bool IsPlain => !HasSeveralScans && _isSequential && _hasUsualSampling;

    /// <summary>Walks the markers; thumbnails inside segments are skipped, bytes after the end ignored.</summary>
    public static JpegOutline Read(ReadOnlySpan<byte> jpeg)
    {
        JpegOutline outline = new();
        outline.Walk(jpeg);
        return outline;
    }

    private static bool IsStartOfFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    private static bool IsUsual(ReadOnlySpan<byte> frame, int components)
    {
        // Of each component: its id, its sampling factors, its table.
        const int First = 9, Each = 3, Full = 0x11, Halved = 0x21, Quartered = 0x22;
        return components == 1
            || (components == 3 && frame.Length > First + (2 * Each) && frame[First] is Full or Halved or Quartered
                && frame[First + Each] == Full && frame[First + (2 * Each)] == Full);
    }

    private void Walk(ReadOnlySpan<byte> jpeg)
    {
        int components = 0;
        int position = 0;
        while (position + 1 < jpeg.Length)
        {
            if (jpeg[position] != 0xFF)
            {
                // Between segments only entropy-coded data and stray bytes stand: on to the next marker.
                int next = jpeg[position..].IndexOf((byte)0xFF);
                if (next < 0)
                {
                    break;
                }

                position += next;
                continue;
            }

            byte marker = jpeg[position + 1];
            switch (marker)
            {
                case EndOfImage:
                    return;
                case 0xFF:
                    position++;
                    continue;
                case 0x00 or 0x01 or StartOfImage or (>= 0xD0 and <= 0xD7):
                    position += 2;
                    continue;
            }

            ReadOnlySpan<byte> segment = jpeg[(position + 2)..];
            if (IsStartOfFrame(marker) && segment.Length > 7)
            {
                HasSeveralScans |= (marker & 0x03) == 0x02;
                Precision = segment[2];
                components = segment[7];
                _isSequential = marker is 0xC0 or 0xC1;
                _hasUsualSampling = IsUsual(segment, components);
            }
            else if (marker == StartOfScan && segment.Length > 2)
            {
                HasSeveralScans |= segment[2] < components;
                if (!HasSeveralScans)
                {
                    return;
                }
            }

            if (segment.Length < 2)
            {
                break;
            }

            position += 2 + Math.Max(2, (segment[0] << 8) | segment[1]);
        }

        LacksScans = HasSeveralScans;
    }
}
