namespace ZeroShotCir.Metrics;

/// <summary>The share of right answers among the first k items of the ranking, P@k.</summary>
public sealed class PrecisionAtK : IRetrievalMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="k">The cut-off, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    public PrecisionAtK(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        K = k;
    }

    /// <summary>The cut-off.</summary>
    public int K { get; }

    /// <inheritdoc/>
    public string Name => $"P@{K}";

    /// <inheritdoc/>
    public bool IsPercentage => true;

    /// <inheritdoc/>
    public double Measure(in QueryRanks query) => (double)query.AnswersWithin(K) / K;
}
