using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Metrics;

namespace ZeroShotCir.Evaluation.Statistics;

/// <summary>Compares any number of candidates on one data set: every metric with its interval, every row tested against the first.</summary>
public sealed class ComparisonTable
{
    private ComparisonTable(IReadOnlyList<string> metrics, IReadOnlyList<ComparisonRow> rows)
    {
        Metrics = metrics;
        Rows = rows;
    }

    /// <summary>The metrics, in the order of the protocol.</summary>
    public IReadOnlyList<string> Metrics { get; }

    /// <summary>The rows, in the order given.</summary>
    public IReadOnlyList<ComparisonRow> Rows { get; }

    /// <summary>Computes the table.</summary>
    /// <param name="dataset">The name of the data set, whose protocol gives the metrics.</param>
    /// <param name="candidates">The rows, all of the same queries.</param>
    /// <param name="options">How to draw; <see langword="null"/> for the defaults.</param>
    /// <returns>The table.</returns>
    /// <exception cref="ArgumentException">There are no candidates, or results are not of the same queries.</exception>
    public static ComparisonTable Create(
        string dataset, IReadOnlyList<ComparisonCandidate> candidates, StatisticsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        if (candidates.Count == 0)
        {
            throw new ArgumentException("A comparison needs at least one candidate.", nameof(candidates));
        }

        IReadOnlyList<IRetrievalMetric> metrics = RetrievalProtocol.MetricsOf(dataset);
        List<ComparisonRow> rows = [];
        foreach (ComparisonCandidate candidate in candidates)
        {
            rows.Add(new ComparisonRow(
                candidate.Label,
                metrics.ToDictionary(metric => metric.Name, metric => MetricStatistics.Estimate(candidate.Results, metric, options)),
                rows.Count == 0
                    ? []
                    : metrics.ToDictionary(metric => metric.Name, metric => MetricStatistics.Compare(candidates[0].Results, candidate.Results, metric, options))));
        }

        return new ComparisonTable([.. metrics.Select(metric => metric.Name)], rows);
    }
}
