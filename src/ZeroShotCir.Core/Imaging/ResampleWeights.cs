namespace ZeroShotCir.Imaging;

/// <summary>For every pixel that is computed along an axis: where its taps begin in the source, and their weights as 22-bit fixed point.</summary>
/// <remarks>
/// The arithmetic is that of Pillow's 8-bit resize: centre, support and weights in double, normalised to sum 1, rounded away from
/// zero at 22 bits. Taps on black borders are left out: they would add nothing to the integer sum. One instance computes
/// one axis after the other in the same arrays, so that images of ever new sizes cause no garbage.
/// </remarks>
internal sealed class ResampleWeights
{
    /// <summary>The position of the binary point.</summary>
    public const int FractionBits = 22;

    /// <summary>More weights than this are refused: only an image millions of times longer than wide has them.</summary>
    private const long MaxWeights = 1L << 26;

    private int[] _starts = [];
    private int[] _counts = [];
    private int[] _weights = [];
    private double[] _kernel = [];
    private int _stride;

    /// <summary>The axis that was computed last.</summary>
    public ResampleAxis Axis { get; private set; }

    /// <summary>The filter it was computed for.</summary>
    public ResampleFilter Filter { get; private set; }

    /// <summary>The first source pixel that any computed pixel needs.</summary>
    public int Begin { get; private set; }

    /// <summary>The number of source pixels from <see cref="Begin"/> to the last one that is needed; 0 where only black borders are.</summary>
    public int Length { get; private set; }

    /// <summary>The number of weights there is room for.</summary>
    public int Capacity => _weights.Length;

    /// <summary>Where the taps of a computed pixel begin, counted from <see cref="Begin"/>.</summary>
    public int StartOf(int i) => _starts[i];

    /// <summary>The weights of a computed pixel; none reaches beyond the source.</summary>
    public ReadOnlySpan<int> Of(int i) => _weights.AsSpan(i * _stride, _counts[i]);

    /// <summary>Computes another axis.</summary>
    /// <exception cref="InvalidImageException">The axis is too long.</exception>
    public void Compute(ResampleAxis axis, ResampleFilter filter)
    {
        Axis = default;
        if (filter == ResampleFilter.Nearest || axis.IsCopy)
        {
            // At its own size an image is copied whatever the filter, and the nearest pixel of a pixel is itself.
            ComputeNearest(axis);
        }
        else
        {
            ComputeWeighted(axis, filter);
        }

        Begin = int.MaxValue;
        int end = 0;
        for (int i = 0; i < axis.Computed; i++)
        {
            if (_counts[i] > 0)
            {
                Begin = Math.Min(Begin, _starts[i]);
                end = Math.Max(end, _starts[i] + _counts[i]);
            }
        }

        Begin = Math.Min(Begin, end);
        Length = end - Begin;
        for (int i = 0; i < axis.Computed; i++)
        {
            _starts[i] = _counts[i] > 0 ? _starts[i] - Begin : 0;
        }

        (Axis, Filter) = (axis, filter);
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

    private static T[] AtLeast<T>(T[] array, long length) => array.Length >= length ? array : new T[length];

    private void Reserve(ResampleAxis axis, int taps)
    {
        _stride = taps;
        _starts = AtLeast(_starts, axis.Computed);
        _counts = AtLeast(_counts, axis.Computed);
        _weights = AtLeast(_weights, (long)axis.Computed * taps);
    }

    private void ComputeWeighted(ResampleAxis axis, ResampleFilter filter)
    {
        double scale = (double)axis.Padded / axis.Resized;
        double filterScale = Math.Max(scale, 1);
        double inverse = 1 / filterScale;
        double support = ResampleKernel.Support(filter) * filterScale;
        long reach = ((long)Math.Ceiling(support) * 2) + 1;
        long taps = Math.Min(reach, axis.Source);
        ThrowIfExcessive(axis, Math.Max(reach, taps * axis.Computed));
        Reserve(axis, (int)taps);
        _kernel = AtLeast(_kernel, reach);
        for (int i = 0; i < axis.Computed; i++)
        {
            double center = (axis.First + i + 0.5) * scale;
            long from = Math.Max(0, (long)(center - support + 0.5));
            int count = (int)(Math.Min(axis.Padded, (long)(center + support + 0.5)) - from);
            double sum = 0;
            for (int x = 0; x < count; x++)
            {
                _kernel[x] = ResampleKernel.Weight(filter, (x + from - center + 0.5) * inverse);
                sum += _kernel[x];
            }

            long first = Math.Clamp(from - axis.Border, 0, axis.Source);
            long last = Math.Clamp(from + count - axis.Border, first, axis.Source);
            _starts[i] = (int)first;
            _counts[i] = (int)(last - first);
            Span<int> weights = _weights.AsSpan(i * _stride, _counts[i]);
            for (int x = 0; x < weights.Length; x++)
            {
                double weight = _kernel[x + first + axis.Border - from];
                weights[x] = ToFixedPoint(sum == 0 ? weight : weight / sum);
            }
        }
    }

    private void ComputeNearest(ResampleAxis axis)
    {
        ThrowIfExcessive(axis, axis.Resized);
        Reserve(axis, 1);
        double scale = (double)axis.Padded / axis.Resized;

        // Pillow adds up the position, rounding at every step, so the pixels before the first one count.
        double position = scale * 0.5;
        for (long i = 0; i < axis.First; i++)
        {
            position += scale;
        }

        for (int i = 0; i < axis.Computed; i++, position += scale)
        {
            long source = (long)position - axis.Border;
            bool inside = source >= 0 && source < axis.Source;
            _starts[i] = inside ? (int)source : 0;
            _counts[i] = inside ? 1 : 0;
            _weights[i] = 1 << FractionBits;
        }
    }
}
