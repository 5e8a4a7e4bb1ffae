namespace ZeroShotCir.Metrics;

/// <summary>The share of queries whose target is among the first k items of the ranking, R@k.</summary>
public sealed class RecallAtK : IRetrievalMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="k">The cut-off, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    public RecallAtK(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        K = k;
    }

    /// <summary>The cut-off.</summary>
    public int K { get; }

    /// <inheritdoc/>
    public string Name => $"R@{K}";

    /// <inheritdoc/>
    public bool IsPercentage => true;

    /// <inheritdoc/>
    public double Measure(in QueryRanks query) => query.Target <= K ? 1 : 0;
}
