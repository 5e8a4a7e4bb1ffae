using ZeroShotCir.Evaluation.Results;

namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>Arranges the results of a sweep as heatmaps.</summary>
internal static class SweepHeatmaps
{
    /// <summary>One heatmap per fusion and category, in the order of the results, so that an average comes last.</summary>
    /// <exception cref="ArgumentException">The metric is not one of the results'.</exception>
    public static IReadOnlyList<Heatmap> Create(IReadOnlyList<EvaluationResult> results, string metric, (double Alpha, double Beta)? chosen = null)
    {
        if (!results[0].Metrics.ContainsKey(metric))
        {
            throw new ArgumentException($"The metric '{metric}' is not measured here; known are {string.Join(", ", results[0].Metrics.Keys)}.");
        }

        return
        [
            .. from result in results
               group result by (Fusion: result.Setting.Fusion.ToString(), result.Category) into map
               select Create([.. map], $"{metric}, {map.Key.Category ?? map.First().Dataset}{(map.Key.Fusion == "weighted" ? "" : $", {map.Key.Fusion}")}", metric, chosen),
        ];
    }

    private static Heatmap Create(EvaluationResult[] results, string title, string metric, (double Alpha, double Beta)? chosen)
    {
        double[] alphas = [.. results.Select(result => result.Setting.Alpha).Distinct().Order()];
        double[] betas = [.. results.Select(result => result.Setting.Beta).Distinct().Order()];
        Dictionary<(double, double), double> values = results.ToDictionary(result => (result.Setting.Alpha, result.Setting.Beta), result => result.Metrics[metric]);
        return new Heatmap
        {
            Title = title,
            Alphas = alphas,
            Betas = betas,
            Values = [.. from alpha in alphas from beta in betas select values[(alpha, beta)]],
            Chosen = chosen,
        };
    }
}
