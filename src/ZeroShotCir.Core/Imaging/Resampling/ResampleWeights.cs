using System.Runtime.CompilerServices;
using ZeroShotCir.Buffers;

namespace ZeroShotCir.Imaging.Resampling;

/// <summary>For every pixel that is computed along an axis: where its taps begin in the source, and their weights as 22-bit fixed point.</summary>
/// <remarks>
/// Immutable. The arithmetic is that of Pillow's 8-bit resize: center, support and weights in double, normalized to sum 1, rounded
/// away from zero at 22 bits. Taps on black borders are left out: they would add nothing to the integer sum.
/// </remarks>
internal sealed class ResampleWeights
{
    /// <summary>The position of the binary point.</summary>
    public const int FractionBits = 22;

    /// <summary>More weights than this are refused: only an image millions of times longer than wide has them.</summary>
    private const long MaxWeights = 1L << 26;

    private readonly int[] _starts;
    private readonly int[] _counts;
    private readonly int[] _weights;
    private readonly int _stride;

    private ResampleWeights(ResampleAxis axis, ResampleFilter filter, int taps)
    {
        Axis = axis;
        Filter = filter;
        _stride = taps;
        _starts = new int[axis.Computed];
        _counts = new int[axis.Computed];
        _weights = new int[axis.Computed * taps];
        if (filter == ResampleFilter.Nearest || axis.IsCopy)
        {
            // At its own size an image is copied whatever the filter, and the nearest pixel of a pixel is itself.
            ComputeNearest();
        }
        else
        {
            ComputeWeighted();
        }

        if (axis.IsMirrored)
        {
            Mirror();
        }

        int begin = int.MaxValue;
        int end = 0;
        for (int i = 0; i < axis.Computed; i++)
        {
            if (_counts[i] > 0)
            {
                begin = Math.Min(begin, _starts[i]);
                end = Math.Max(end, _starts[i] + _counts[i]);
            }
        }

        Begin = Math.Min(begin, end);
        Length = end - Begin;
        for (int i = 0; i < axis.Computed; i++)
        {
            _starts[i] = _counts[i] > 0 ? _starts[i] - Begin : 0;
        }
    }

    /// <summary>The axis.</summary>
    public ResampleAxis Axis { get; }

    /// <summary>The filter.</summary>
    public ResampleFilter Filter { get; }

    /// <summary>The first source pixel that any computed pixel needs.</summary>
    public int Begin { get; }

    /// <summary>The number of source pixels from <see cref="Begin"/> to the last one that is needed; 0 where only black borders are.</summary>
    public int Length { get; }

    /// <summary>The most weights that any computed pixel has.</summary>
    public int MaxTaps => _stride;

    /// <summary>The number of weights, used or not.</summary>
    public int Count => _weights.Length;

    /// <summary>Computes the weights of an axis.</summary>
    /// <exception cref="InvalidImageException">The axis is too long.</exception>
    public static ResampleWeights Compute(ResampleAxis axis, ResampleFilter filter)
    {
        if (filter == ResampleFilter.Nearest || axis.IsCopy)
        {
            ThrowIfExcessive(axis, axis.Resized);
            return new ResampleWeights(axis, filter, taps: 1);
        }

        long reach = Reach(SupportOf(axis, filter));
        long taps = Math.Min(reach, axis.Source);
        ThrowIfExcessive(axis, Math.Max(reach, taps * axis.Computed));
        return new ResampleWeights(axis, filter, (int)taps);
    }

    /// <summary>Where the taps of a computed pixel begin, counted from <see cref="Begin"/>.</summary>
    public int StartOf(int i) => _starts[i];

    /// <summary>The weights of a computed pixel; none reaches beyond the source.</summary>
    public ReadOnlySpan<int> At(int i) => _weights.AsSpan(i * _stride, _counts[i]);

    private static double ScaleOf(ResampleAxis axis) => (double)axis.Padded / axis.Resized;

    private static double SupportOf(ResampleAxis axis, ResampleFilter filter) => ResampleKernel.Support(filter) * Math.Max(ScaleOf(axis), 1);

    private static long Reach(double support) => ((long)Math.Ceiling(support) * 2) + 1;

    private static int ToFixedPoint(double weight)
        => (int)((weight < 0 ? -0.5 : 0.5) + (weight * (1 << FractionBits)));

    private static void ThrowIfExcessive(ResampleAxis axis, long weights)
    {
        if (weights > MaxWeights)
        {
            throw new InvalidImageException(
                $"The image has an edge of {axis.Source} pixels that would be resized to {axis.Resized}; "
                + "an image this much longer than wide is not supported. Cut it to its content.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ComputeWeighted()
    {
        double scale = ScaleOf(Axis);
        double inverse = 1 / Math.Max(scale, 1);
        double support = SupportOf(Axis, Filter);
        using RentedArray<double> room = new((int)Reach(support));
        Span<double> kernel = room.Span;
        for (int i = 0; i < Axis.Computed; i++)
        {
            double center = (Axis.First + i + 0.5) * scale;
            long from = Math.Max(0, (long)(center - support + 0.5));
            int count = (int)(Math.Min(Axis.Padded, (long)(center + support + 0.5)) - from);
            double sum = 0;
            for (int x = 0; x < count; x++)
            {
                kernel[x] = ResampleKernel.Weight(Filter, (x + from - center + 0.5) * inverse);
                sum += kernel[x];
            }

            long first = Math.Clamp(from - Axis.Border, 0, Axis.Source);
            long last = Math.Clamp(from + count - Axis.Border, first, Axis.Source);
            _starts[i] = (int)first;
            _counts[i] = (int)(last - first);
            Span<int> weights = _weights.AsSpan(i * _stride, _counts[i]);
            for (int x = 0; x < weights.Length; x++)
            {
                double weight = kernel[(int)(x + first + Axis.Border - from)];
                weights[x] = ToFixedPoint(sum == 0 ? weight : weight / sum);
            }
        }
    }

    /// <summary>Counts taps from the other end of the source.</summary>
    private void Mirror()
    {
        for (int i = 0; i < Axis.Computed; i++)
        {
            _starts[i] = Axis.Source - _starts[i] - _counts[i];
            _weights.AsSpan(i * _stride, _counts[i]).Reverse();
        }
    }

    private void ComputeNearest()
    {
        double scale = ScaleOf(Axis);

        // Pillow adds up the position, rounding at every step, so the pixels before the first one count.
        double position = scale * 0.5;
        for (long i = 0; i < Axis.First; i++)
        {
            position += scale;
        }

        for (int i = 0; i < Axis.Computed; i++, position += scale)
        {
            long source = (long)position - Axis.Border;
            bool inside = source >= 0 && source < Axis.Source;
            _starts[i] = inside ? (int)source : 0;
            _counts[i] = inside ? 1 : 0;
            _weights[i] = 1 << FractionBits;
        }
    }
}
