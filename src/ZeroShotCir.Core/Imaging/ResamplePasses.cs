namespace ZeroShotCir.Imaging;

/// <summary>The two passes of a resize over interleaved RGB, in integers; each rounds its result to bytes, as Pillow's do.</summary>
internal static class ResamplePasses
{
    private const int Half = 1 << (ResampleWeights.FractionBits - 1);

    /// <summary>Resizes rows in width.</summary>
    /// <param name="source">The rows, each <paramref name="sourceStride"/> bytes after the other.</param>
    /// <param name="sourceStride">Bytes from row to row in the source.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="weights">Of the horizontal axis.</param>
    /// <param name="destination">Rows of three bytes for every computed pixel.</param>
    /// <param name="destinationStride">Bytes from row to row in the destination.</param>
    public static void Horizontal(ReadOnlySpan<byte> source, int sourceStride, int rows, ResampleWeights weights, Span<byte> destination, int destinationStride)
    {
        for (int y = 0; y < rows; y++)
        {
            ReadOnlySpan<byte> from = source[(y * sourceStride)..];
            Span<byte> to = destination.Slice(y * destinationStride, weights.Starts.Length * 3);
            for (int x = 0; x < weights.Starts.Length; x++)
            {
                ReadOnlySpan<int> taps = weights.Of(x);
                ReadOnlySpan<byte> pixels = from.Slice(weights.Starts[x] * 3, taps.Length * 3);
                int red = Half, green = Half, blue = Half;
                for (int t = 0; t < taps.Length; t++)
                {
                    red += taps[t] * pixels[3 * t];
                    green += taps[t] * pixels[(3 * t) + 1];
                    blue += taps[t] * pixels[(3 * t) + 2];
                }

                to[3 * x] = ToByte(red);
                to[(3 * x) + 1] = ToByte(green);
                to[(3 * x) + 2] = ToByte(blue);
            }
        }
    }

    /// <summary>Resizes in height: computes one row.</summary>
    /// <param name="source">The rows from the first tap on, each <paramref name="sourceStride"/> bytes after the other.</param>
    /// <param name="sourceStride">Bytes from row to row in the source.</param>
    /// <param name="taps">The weights of the row.</param>
    /// <param name="row">The bytes to compute.</param>
    public static void Vertical(ReadOnlySpan<byte> source, int sourceStride, ReadOnlySpan<int> taps, Span<byte> row)
    {
        for (int i = 0; i < row.Length; i++)
        {
            int sum = Half;
            for (int t = 0; t < taps.Length; t++)
            {
                sum += taps[t] * source[(t * sourceStride) + i];
            }

            row[i] = ToByte(sum);
        }
    }

    private static byte ToByte(int sum) => (byte)Math.Clamp(sum >> ResampleWeights.FractionBits, 0, 255);
}
