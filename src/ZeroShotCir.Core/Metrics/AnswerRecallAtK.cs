namespace ZeroShotCir.Metrics;

/// <summary>The share of a query's right answers that are among the first k items of the ranking, averaged over queries, as PatternCom counts R@k.</summary>
public sealed class AnswerRecallAtK : IRetrievalMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="k">The cut-off, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    public AnswerRecallAtK(int k)
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
    public double Measure(in QueryRanks query) => query.AnswerCount == 0 ? 0 : (double)query.AnswersWithin(K) / query.AnswerCount;
}
