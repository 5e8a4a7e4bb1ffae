namespace ZeroShotCir.Metrics;

/// <summary>
/// The share of queries whose target is among the first k members of its subset, Rsub@k: CIRR's six similar images without the
/// reference (Liu et al., ICCV 2021).
/// </summary>
public sealed class SubsetRecallAtK : IRetrievalMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="k">The cut-off, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    public SubsetRecallAtK(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        K = k;
    }

    /// <summary>The cut-off.</summary>
    public int K { get; }

    /// <inheritdoc/>
    public string Name => $"Rsub@{K}";

    /// <inheritdoc/>
    public bool IsPercentage => true;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The query has no subset.</exception>
    public double Measure(in QueryRanks query)
    {
        if (query.Subset < 1)
        {
            throw new ArgumentException("The query has no rank in a subset; subset recall needs one.", nameof(query));
        }

        return query.Subset <= K ? 1 : 0;
    }
}
