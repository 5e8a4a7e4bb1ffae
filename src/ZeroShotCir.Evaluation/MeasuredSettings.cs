using System.Text;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Reporting;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Metrics;

namespace ZeroShotCir.Evaluation;

/// <summary>What several named settings achieve on one data set, category by category. Immutable.</summary>
public sealed class MeasuredSettings
{
    private readonly EvaluationResult[][] _results;

    private MeasuredSettings(string title, IReadOnlyList<EvaluationRunner> runners, IReadOnlyList<NamedSetting> settings, EvaluationResult[][] results)
    {
        Title = title;
        Runners = runners;
        Settings = settings;
        _results = results;
    }

    /// <summary>What the data set is called in tables.</summary>
    public string Title { get; }

    /// <summary>The data set, or its categories.</summary>
    public IReadOnlyList<EvaluationRunner> Runners { get; }

    /// <summary>The settings, as they were given.</summary>
    public IReadOnlyList<NamedSetting> Settings { get; }

    /// <summary>The name of each category; one <see langword="null"/> for a data set without categories.</summary>
    public IReadOnlyList<string?> Categories => [.. Runners.Select(runner => runner.Dataset.Category)];

    private IReadOnlyList<IRetrievalMetric> Metrics => RetrievalProtocol.MetricsOf(Runners[0].Dataset.Name);

    /// <summary>Measures settings on a data set. Long work, on the caller's thread.</summary>
    /// <param name="title">What the data set is called in tables.</param>
    /// <param name="runners">The data set, or its categories.</param>
    /// <param name="settings">The settings, from the simplest to the one that is judged: tables test the others against the last.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What they achieve.</returns>
    /// <exception cref="ArgumentException">There are no runners or no settings, or a setting needs captions or descriptions that the features do not hold.</exception>
    /// <exception cref="InvalidDatasetException">The split has no published targets.</exception>
    public static MeasuredSettings Measure(
        string title, IReadOnlyList<EvaluationRunner> runners, IReadOnlyList<NamedSetting> settings, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentNullException.ThrowIfNull(runners);
        ArgumentNullException.ThrowIfNull(settings);
        if (runners.Count == 0 || settings.Count == 0)
        {
            throw new ArgumentException(
                $"There are {runners.Count} runners and {settings.Count} settings; at least one of each is needed.",
                runners.Count == 0 ? nameof(runners) : nameof(settings));
        }

        EvaluationSetting[] all = [.. settings.Select(setting => setting.Setting)];
        IReadOnlyList<EvaluationResult>[] byCategory = [.. runners.Select(runner => runner.Evaluate(all, null, cancellationToken))];
        return new MeasuredSettings(title, [.. runners], [.. settings], [.. all.Select((_, setting) => byCategory.Select(results => results[setting]).ToArray())]);
    }

    /// <summary>A setting's figures on every category, in their order.</summary>
    /// <param name="setting">The position of the setting.</param>
    /// <returns>One result per category.</returns>
    /// <exception cref="IndexOutOfRangeException">There is no such setting.</exception>
    public IReadOnlyList<EvaluationResult> ResultsOf(int setting) => _results[setting];

    /// <summary>A setting's figures: of one category, or as the data set reports them, which is the mean of its categories.</summary>
    /// <param name="setting">The position of the setting.</param>
    /// <param name="category">The position of the category; <see langword="null"/> for all of them.</param>
    /// <returns>The figures.</returns>
    /// <exception cref="IndexOutOfRangeException">There is no such setting or category.</exception>
    public EvaluationResult ResultOf(int setting, int? category = null) => category is { } one
        ? _results[setting][one]
        : Runners.Count == 1 ? _results[setting][0] : EvaluationResult.Average(_results[setting]);

    /// <summary>A table in plain text, for a console: the settings against metrics, as the data set reports them.</summary>
    /// <param name="metrics">The names of the metrics, such as <c>R@10</c>.</param>
    /// <returns>Lines that end in line feeds, the first with the title.</returns>
    /// <exception cref="KeyNotFoundException">A metric is not one of the data set's.</exception>
    public string ToText(params IReadOnlyList<string> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        string[] names = [.. Settings.Select(setting => $"{setting.Name}  {setting.Detail}")];
        int width = Math.Max(Title.Length, names.Max(name => name.Length));
        StringBuilder text = new StringBuilder(Title.PadRight(width)).AppendJoin("", metrics.Select(metric => $"  {metric,6}")).Append('\n');
        for (int setting = 0; setting < names.Length; setting++)
        {
            EvaluationResult result = ResultOf(setting);
            text.Append(names[setting].PadRight(width)).AppendJoin("", metrics.Select(metric => FormattableString.Invariant($"  {result.Metrics[metric],6:0.0}"))).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The table of one category, or of their mean, with intervals.</summary>
    internal MetricTable Table(int? category, MeasuredHalves halves, StatisticsOptions? statistics)
    {
        string title = Runners.Count == 1 ? Title : category is { } one ? $"{Title}, {Categories[one]}" : $"{Title}, mean of {Runners.Count} categories";
        IEnumerable<MetricColumn> columns = Metrics.Select(metric => new MetricColumn(metric.Name, metric.IsPercentage, metric is MedianRank));
        IEnumerable<MetricRow> rows = Settings.Select((named, setting) => new MetricRow(named.Name, named.Detail, [.. Cells(setting, category, halves, statistics)]));
        return new MetricTable(title, Describe(category), [.. columns, new MetricColumn("composition gap")], [.. rows]);
    }

    private IEnumerable<MetricCell?> Cells(int setting, int? category, MeasuredHalves halves, StatisticsOptions? statistics)
    {
        EvaluationResult[] own = Part(setting, category);
        EvaluationResult[]? last = setting < Settings.Count - 1 ? Part(Settings.Count - 1, category) : null;
        ConfidenceInterval gap = halves.GapOf(Settings[setting].Setting, own, category, statistics).Gap;
        return [.. Metrics.Select(metric => Cell(metric, own, last, statistics)), new MetricCell(gap.Estimate, gap.Lower, gap.Upper)];
    }

    private EvaluationResult[] Part(int setting, int? category) => category is { } one ? [_results[setting][one]] : _results[setting];

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
        return FormattableString.Invariant(
            $"{result.Queries:N0} queries among {result.Gallery:N0} images; {reference}. Below a figure: its 95 % bootstrap interval{tests}. ")
            + CompositionGap.Explanation + incomplete;
    }
}
