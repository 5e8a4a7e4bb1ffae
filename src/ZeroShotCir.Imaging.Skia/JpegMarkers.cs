namespace ZeroShotCir.Imaging.Skia;

/// <summary>Walks the markers of a JPEG stream.</summary>
internal static class JpegMarkers
{
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;

    /// <summary>Whether the image comes in several scans and its end is missing; the decoder would accept it with what was there.</summary>
    /// <remarks>Thumbnails inside segments are skipped, bytes after the end ignored. Of an image in one scan the decoder itself knows whether it is whole.</remarks>
    public static bool LackScans(ReadOnlySpan<byte> jpeg)
    {
        bool progressive = false;
        int components = 0;
        bool severalScans = false;
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
                    return false;
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
                progressive = (marker & 0x03) == 0x02;
                components = segment[7];
            }
            else if (marker == StartOfScan && segment.Length > 2)
            {
                severalScans |= progressive || segment[2] < components;
                if (!severalScans)
                {
                    return false;
                }
            }

            if (segment.Length < 2)
            {
                break;
            }

            position += 2 + Math.Max(2, (segment[0] << 8) | segment[1]);
        }

        return severalScans || progressive;
    }

    private static bool IsStartOfFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
}
