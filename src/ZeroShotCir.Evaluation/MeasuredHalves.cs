using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Evaluation.Statistics;

namespace ZeroShotCir.Evaluation;

/// <summary>What text alone and image alone achieve, against which the composition gaps of settings are measured: each half evaluated once. Immutable.</summary>
internal sealed class MeasuredHalves
{
    private readonly EvaluationSetting[] _halves;
    private readonly IReadOnlyList<EvaluationResult>[] _byCategory;

    private MeasuredHalves(EvaluationSetting[] halves, IReadOnlyList<EvaluationResult>[] byCategory)
    {
        _halves = halves;
        _byCategory = byCategory;
    }

    /// <summary>Evaluates the halves of settings. Long work, on the caller's thread.</summary>
    public static MeasuredHalves Measure(IReadOnlyList<EvaluationRunner> runners, IEnumerable<EvaluationSetting> settings, CancellationToken cancellationToken)
    {
        // Settings that differ in their weights and strategies have the same halves.
        IEnumerable<EvaluationSetting> halves = settings.SelectMany(Halves);
        EvaluationSetting[] distinct = [.. halves.Distinct()];
        return new MeasuredHalves(distinct, [.. runners.Select(runner => runner.Evaluate(distinct, null, cancellationToken))]);
    }

    /// <summary>What a setting gains by reading both halves.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="both">Its results, of one category or of all.</param>
    /// <param name="category">The position of the category; <see langword="null"/> for all of them.</param>
    /// <param name="statistics">How to draw.</param>
    public CompositionGap GapOf(EvaluationSetting setting, IReadOnlyList<EvaluationResult> both, int? category = null, StatisticsOptions? statistics = null)
    {
        EvaluationResult[][] halves = [.. Halves(setting).Select(half => ResultsOf(half, category))];
        return CompositionGap.Measure(both, halves[0], halves[1], statistics);
    }

    private static EvaluationSetting[] Halves(EvaluationSetting setting) => [CompositionGap.TextAlone(setting), CompositionGap.ImageAlone(setting)];

    private EvaluationResult[] ResultsOf(EvaluationSetting half, int? category)
    {
        int position = Array.IndexOf(_halves, half);
        return [.. _byCategory.Where((_, i) => category is null || i == category).Select(results => results[position])];
    }
}
