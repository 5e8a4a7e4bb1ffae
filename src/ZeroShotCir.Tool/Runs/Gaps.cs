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
        List<CompositionGap> gaps = [];
        foreach (var ofSetting in results.GroupBy(result => result.Setting))
        {
            EvaluationResult[] parts = [.. ofSetting.Where(result => result.Ranks.Count > 0)];
            IReadOnlyList<EvaluationResult>[] halves = Halves(run, ofSetting.Key, cancellationToken);
            gaps.AddRange(ofSetting.Select(result => result.Ranks.Count == 0
                ? CompositionGap.Measure(parts, halves[0], halves[1])
                : CompositionGap.Measure([result], [halves[0][Array.IndexOf(parts, result)]], [halves[1][Array.IndexOf(parts, result)]])));
        }

        return gaps;
    }

    /// <summary>The gap of a setting from the results of its categories.</summary>
    public static CompositionGap Measure(PreparedRun run, EvaluationSetting setting, IReadOnlyList<EvaluationResult> results, CancellationToken cancellationToken)
    {
        IReadOnlyList<EvaluationResult>[] halves = Halves(run, setting, cancellationToken);
        return CompositionGap.Measure(results, halves[0], halves[1]);
    }

    private static IReadOnlyList<EvaluationResult>[] Halves(PreparedRun run, EvaluationSetting setting, CancellationToken cancellationToken)
    {
        EvaluationSetting[] settings = [CompositionGap.TextAlone(setting), CompositionGap.ImageAlone(setting)];
        IReadOnlyList<IReadOnlyList<EvaluationResult>> byCategory = [.. run.Categories.Select(category => category.Runner.Evaluate(settings, null, cancellationToken))];
        return [[.. byCategory.Select(results => results[0])], [.. byCategory.Select(results => results[1])]];
    }
}
