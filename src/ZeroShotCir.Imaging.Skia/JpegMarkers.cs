namespace ZeroShotCir.Imaging.Skia;

/// <summary>Walks the markers of a JPEG stream: the decoder accepts a progressive image whose last scans are missing.</summary>
internal static class JpegMarkers
{
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;

    /// <summary>Whether the image ends with its own end marker. Thumbnails inside segments are skipped, bytes after the end ignored.</summary>
    public static bool ReachesEnd(ReadOnlySpan<byte> jpeg)
    {
        int position = 0;
        while (position + 1 < jpeg.Length)
        {
            if (jpeg[position] != 0xFF)
            {
                // Between scans and segments only entropy-coded data and stray bytes stand: on to the next marker.
                int next = jpeg[position..].IndexOf((byte)0xFF);
                if (next < 0)
                {
                    return false;
                }

                position += next;
                continue;
            }

            byte marker = jpeg[position + 1];
            switch (marker)
            {
                case EndOfImage:
                    return true;
                case 0xFF:
                    position++;
                    break;
                case 0x00 or 0x01 or StartOfImage or (>= 0xD0 and <= 0xD7):
                    position += 2;
                    break;
                default:
                    if (position + 3 >= jpeg.Length)
                    {
                        return false;
                    }

                    position += 2 + ((jpeg[position + 2] << 8) | jpeg[position + 3]);
                    break;
            }
        }

        return false;
    }
}
