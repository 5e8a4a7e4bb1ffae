namespace ZeroShotCir.Imaging;

/// <summary>For every pixel that is computed along an axis: where its taps begin in the source, and their weights as 22-bit fixed point.</summary>
/// <remarks>
/// The arithmetic is that of Pillow's 8-bit resize: centre, support and weights in double, normalised to sum 1, rounded away from
/// zero at 22 bits. Taps on black borders are left out: they would add nothing to the integer sum.
/// </remarks>
internal sealed class ResampleWeights
{
    /// <summary>The position of the binary point.</summary>
    public const int FractionBits = 22;

    /// <summary>Weights for more taps than this are refused: only an image millions of times longer than wide has them.</summary>
    private const long MaxWeights = 1L << 26;

    public ResampleWeights(ResampleAxis axis, ResampleFilter filter)
    {
        Axis = axis;
        if (filter == ResampleFilter.Nearest || axis.IsCopy)
        {
            // At its own size an image is copied whatever the filter, and the nearest pixel of a pixel is itself.
            (Starts, Weights, Taps) = Nearest(axis);
            return;
        }

        double scale = (double)axis.Padded / axis.Resized;
        double filterScale = Math.Max(scale, 1);
        double inverse = 1 / filterScale;
        double support = ResampleKernel.Support(filter) * filterScale;
        int taps = (int)Math.Min(((long)Math.Ceiling(support) * 2) + 1, axis.Source);
        ThrowIfExcessive(axis, (long)taps * axis.Computed);
        Taps = taps;
        Starts = new int[axis.Computed];
        Weights = new int[axis.Computed * taps];
        double[] kernel = new double[(int)Math.Min(((long)Math.Ceiling(support) * 2) + 1, axis.Padded)];
        for (int i = 0; i < axis.Computed; i++)
        {
            double center = (axis.First + i + 0.5) * scale;
            long from = Math.Max(0, (long)(center - support + 0.5));
            int count = (int)(Math.Min(axis.Padded, (long)(center + support + 0.5)) - from);
            double sum = 0;
            for (int x = 0; x < count; x++)
            {
                kernel[x] = ResampleKernel.Weight(filter, (x + from - center + 0.5) * inverse);
                sum += kernel[x];
            }

            long first = Math.Clamp(from - axis.Border, 0, axis.Source);
            long last = Math.Clamp(from + count - axis.Border, first, axis.Source);
            Starts[i] = (int)Math.Min(first, axis.Source - 1);
            for (long x = first; x < last; x++)
            {
                double weight = kernel[x + axis.Border - from];
                Weights[(i * taps) + (int)(x - first)] = ToFixedPoint(sum == 0 ? weight : weight / sum);
            }
        }
    }

    public ResampleAxis Axis { get; }

    /// <summary>The first source pixel of every computed pixel.</summary>
    public int[] Starts { get; }

    private int[] Weights { get; }

    private int Taps { get; }

    /// <summary>The weights of a computed pixel; none reaches beyond the source.</summary>
    public ReadOnlySpan<int> Of(int i) => Weights.AsSpan(i * Taps, Math.Min(Taps, Axis.Source - Starts[i]));

    private static (int[] Starts, int[] Weights, int Taps) Nearest(ResampleAxis axis)
    {
        ThrowIfExcessive(axis, axis.Resized);
        int[] starts = new int[axis.Computed];
        int[] weights = new int[axis.Computed];
        double scale = (double)axis.Padded / axis.Resized;

        // Pillow adds up the position, rounding at every step, so the pixels before the first one count.
        double position = scale * 0.5;
        for (long i = 0; i < axis.First; i++)
        {
            position += scale;
        }

        for (int i = 0; i < starts.Length; i++, position += scale)
        {
            long source = (long)position - axis.Border;
            bool inside = source >= 0 && source < axis.Source;
            starts[i] = inside ? (int)source : 0;
            weights[i] = inside ? 1 << FractionBits : 0;
        }

        return (starts, weights, 1);
    }

    private static int ToFixedPoint(double weight)
        => (int)((weight < 0 ? -0.5 : 0.5) + (weight * (1 << FractionBits)));

    private static void ThrowIfExcessive(ResampleAxis axis, long weights)
    {
        if (weights > MaxWeights)
        {
            throw new InvalidImageException(
                $"The image has an edge of {axis.Source} pixels that would be resized to {axis.Resized}; an image this much longer than wide is not supported. Cut it to its content.");
        }
    }
}
