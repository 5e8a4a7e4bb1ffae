namespace ZeroShotCir.Metrics;

/// <summary>
/// Mean average precision over the first k items, mAP@k, for queries with several right answers: <c>AP@k = Σ P(i)·rel(i) / min(|GT|, k)</c>
/// over i ≤ k (Baldrati et al., ICCV 2023, CIRCO).
/// </summary>
public sealed class MeanAveragePrecisionAtK : IRetrievalMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="k">The cut-off, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    public MeanAveragePrecisionAtK(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        K = k;
    }

    /// <summary>The cut-off.</summary>
    public int K { get; }

    /// <inheritdoc/>
    public string Name => $"mAP@{K}";

    /// <inheritdoc/>
    public bool IsPercentage => true;

    /// <inheritdoc/>
    public double Measure(in QueryRanks query)
    {
        ReadOnlySpan<int> ranks = query.Relevant.Span;
        if (ranks.IsEmpty)
        {
            return query.Target <= K ? 1.0 / query.Target : 0;
        }

        double sum = 0;
        for (int found = 0; found < ranks.Length && ranks[found] <= K; found++)
        {
            sum += (found + 1.0) / ranks[found];
        }

        return sum / Math.Min(ranks.Length, K);
    }
}
