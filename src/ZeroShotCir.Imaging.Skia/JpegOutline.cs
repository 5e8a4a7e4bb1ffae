namespace ZeroShotCir.Imaging.Skia;

/// <summary>What the markers of a JPEG stream say before it is decoded.</summary>
internal sealed class JpegOutline
{
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;

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

    /// <summary>Walks the markers; thumbnails inside segments are skipped, bytes after the end ignored.</summary>
    public static JpegOutline Read(ReadOnlySpan<byte> jpeg)
    {
        JpegOutline outline = new();
        outline.Walk(jpeg);
        return outline;
    }

    private static bool IsStartOfFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

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
