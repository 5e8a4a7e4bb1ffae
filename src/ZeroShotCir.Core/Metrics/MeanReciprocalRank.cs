namespace ZeroShotCir.Metrics;

/// <summary>The mean of one over the target's rank.</summary>
public sealed class MeanReciprocalRank : IRetrievalMetric
{
    /// <inheritdoc/>
    public string Name => "mrr";

    /// <inheritdoc/>
    public bool IsPercentage => false;

    /// <inheritdoc/>
    public double Measure(in QueryRanks query) => query.Target == QueryRanks.NotFound ? 0 : 1.0 / query.Target;
}
