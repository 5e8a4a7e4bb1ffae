using System.Numerics.Tensors;
using ZeroShotCir.Buffers;
using ZeroShotCir.Kernels;

namespace ZeroShotCir.Metrics;

/// <summary>The median of the target's rank; the mean of the middle two where the number of queries is even; NaN where a value is.</summary>
public sealed class MedianRank : IRetrievalMetric
{
    /// <inheritdoc/>
    public string Name => "median_rank";

    /// <inheritdoc/>
    public bool IsPercentage => false;

    /// <inheritdoc/>
    public double Measure(in QueryRanks query) => query.Target;

    /// <inheritdoc/>
    public double Summarize(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty || TensorPrimitives.IsNaNAny(values))
        {
            return double.NaN;
        }

        using RentedArray<double> room = new(values.Length);
        Span<double> some = room.Span;
        values.CopyTo(some);
        double middle = Selection.Descending(some, some.Length / 2);
        return some.Length % 2 == 1 ? middle : (Selection.Descending(some, (some.Length / 2) - 1) + middle) / 2;
    }
}
