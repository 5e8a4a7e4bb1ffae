using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Evaluation.Statistics;

namespace ZeroShotCir.Tool.Runs;

/// <summary>What the settings of a run gain by reading both halves of a query.</summary>
internal static class Gaps
{
    /// <summary>For each result, its composition gap; an average is drawn from the categories of its setting.</summary>
    public static IReadOnlyList<CompositionGap> Measure(PreparedRun run, IReadOnlyList<EvaluationResult> results, CancellationToken cancellationToken)
    {
        if (results.Count == 0)
        {
            return []; // What has no targets has no halves to measure.
        }

        MeasuredHalves halves = MeasuredHalves.Measure(run.Runners, results.Select(result => result.Setting), cancellationToken);
        List<CompositionGap> gaps = [];
        foreach (IGrouping<EvaluationSetting, EvaluationResult> ofSetting in results.GroupBy(result => result.Setting))
        {
            EvaluationResult[] parts = [.. ofSetting.Where(result => result.Ranks.Count > 0)];
            gaps.AddRange(ofSetting.Select(result => result.Ranks.Count == 0
                ? halves.GapOf(ofSetting.Key, parts)
                : halves.GapOf(ofSetting.Key, [result], Array.IndexOf(parts, result))));
        }

        return gaps;
    }
}
