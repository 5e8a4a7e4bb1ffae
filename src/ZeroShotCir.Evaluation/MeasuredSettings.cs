using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Reporting;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Metrics;

namespace ZeroShotCir.Evaluation;

/// <summary>What several named settings achieve on one data set.</summary>
/// <param name="Title">What the data set is called in tables.</param>
/// <param name="Runners">The data set, or its categories.</param>
/// <param name="Settings">The settings.</param>
/// <param name="Results">For each setting, one result per category.</param>
internal sealed record MeasuredSettings(
    string Title, IReadOnlyList<EvaluationRunner> Runners, IReadOnlyList<NamedSetting> Settings, IReadOnlyList<IReadOnlyList<EvaluationResult>> Results)
{
    private IReadOnlyList<IRetrievalMetric> Metrics => RetrievalProtocol.MetricsOf(Runners[0].Dataset.Name);

    /// <summary>The categories, or the one data set without any.</summary>
    public IReadOnlyList<string?> Categories => [.. Runners.Select(runner => runner.Dataset.Category)];

    public static MeasuredSettings Measure(string title, IReadOnlyList<EvaluationRunner> runners, IReadOnlyList<NamedSetting> settings, CancellationToken cancellationToken)
    {
        EvaluationSetting[] all = [.. settings.Select(setting => setting.Setting)];
        IReadOnlyList<IReadOnlyList<EvaluationResult>> byCategory = [.. runners.Select(runner => runner.Evaluate(all, null, cancellationToken))];
        return new MeasuredSettings(title, runners, settings, [.. Enumerable.Range(0, all.Length).Select(setting => byCategory.Select(results => results[setting]).ToArray())]);
    }

    /// <summary>A setting's figures: of one category, or the mean of all of them.</summary>
    public EvaluationResult ResultOf(int setting, int? category) => category is { } one
        ? Results[setting][one]
        : Results[setting].Count == 1 ? Results[setting][0] : EvaluationResult.Average(Results[setting]);

    /// <summary>The table of one category, or of their mean, with intervals.</summary>
    public MetricTable Table(int? category, StatisticsOptions? statistics)
    {
        IReadOnlyList<IRetrievalMetric> metrics = Metrics;
        return new MetricTable(
            category is { } one && Results[0].Count > 1 ? $"{Title}, {Categories[one]}" : Results[0].Count > 1 ? $"{Title}, mean of {Results[0].Count} categories" : Title,
            Describe(category),
            [.. metrics.Select(metric => new MetricColumn(metric.Name, metric.IsPercentage, metric is MedianRank)), new MetricColumn("composition gap")],
            [.. Enumerable.Range(0, Settings.Count).Select(setting => new MetricRow(
                Settings[setting].Name,
                Settings[setting].Detail,
                [.. metrics.Select(metric => Cell(metric, Part(setting, category), setting < Settings.Count - 1 ? Part(Settings.Count - 1, category) : null, statistics)), Gap(setting, category, statistics)]))]);
    }

    private MetricCell Gap(int setting, int? category, StatisticsOptions? statistics)
    {
        EvaluationSetting[] halves = [CompositionGap.TextAlone(Settings[setting].Setting), CompositionGap.ImageAlone(Settings[setting].Setting)];
        IReadOnlyList<IReadOnlyList<EvaluationResult>> measured = [.. Runners
            .Where((_, i) => category is null || i == category)
            .Select(runner => runner.Evaluate(halves))];
        CompositionGap gap = CompositionGap.Measure(Part(setting, category), [.. measured.Select(of => of[0])], [.. measured.Select(of => of[1])], statistics);
        return new MetricCell(gap.Gap.Estimate, gap.Gap.Lower, gap.Gap.Upper);
    }

    private IReadOnlyList<EvaluationResult> Part(int setting, int? category) => category is { } one ? [Results[setting][one]] : Results[setting];

    private static MetricCell? Cell(IRetrievalMetric metric, IReadOnlyList<EvaluationResult> results, IReadOnlyList<EvaluationResult>? last, StatisticsOptions? statistics)
    {
        ConfidenceInterval interval = MetricStatistics.Estimate(results, metric, statistics);
        double? pValue = last is null ? null : MetricStatistics.Compare(last, results, metric, statistics).PValue;
        return new MetricCell(interval.Estimate, interval.Lower, interval.Upper, pValue);
    }

    private string Describe(int? category)
    {
        EvaluationResult result = ResultOf(0, category);
        string reference = Runners[0].Dataset.ExcludesReference ? "the reference is taken out of the ranking" : "the reference stays in the ranking";
        string tests = Settings.Count > 1 ? "; p: paired test against the last row" : "";
        string incomplete = Runners.All(runner => runner.Coverage.IsComplete) ? "" : " Incomplete: images are missing, so these figures do not compare with published ones.";
        return FormattableString.Invariant($"{result.Queries:N0} queries among {result.Gallery:N0} images; {reference}. Below a figure: its 95 % bootstrap interval{tests}. The composition gap is R@10 of any right answer less the better of text and image alone, in points; an interval that holds 0 is noise.{incomplete}");
    }
}
