namespace ZeroShotCir.Metrics;

/// <summary>The share of queries with any right answer among the first k items of the ranking, as M-BEIR counts R@k.</summary>
public sealed class AnyRecallAtK : IRetrievalMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="k">The cut-off, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    public AnyRecallAtK(int k)
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
    public double Measure(in QueryRanks query) => query.Best <= K ? 1 : 0;
}
