namespace ZeroShotCir.Metrics;

/// <summary>The median of the target's rank; the mean of the middle two where the number of queries is even.</summary>
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
        if (values.IsEmpty)
        {
            return double.NaN;
        }

        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
