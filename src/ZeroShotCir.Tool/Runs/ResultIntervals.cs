using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Statistics;

namespace ZeroShotCir.Tool.Runs;

/// <summary>How sure the figures of results are.</summary>
internal static class ResultIntervals
{
    /// <summary>For each result, its metrics' 95 % intervals; an average is drawn from the categories beside it.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, ConfidenceInterval>> Estimate(PreparedRun run, IReadOnlyList<EvaluationResult> results)
    {
        EvaluationResult[] parts = [.. results.Where(result => result.Ranks.Count > 0)];
        return [.. results.Select(result => RetrievalProtocol.MetricsOf(run.Categories[0].Dataset.Name).ToDictionary(
            metric => metric.Name, metric => MetricStatistics.Estimate(result.Ranks.Count > 0 ? [result] : parts, metric)))];
    }
}
