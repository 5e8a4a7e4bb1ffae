using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Reporting;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Metrics;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Runs;

/// <summary>Gathers what a report shows of a comparison.</summary>
internal static class ComparisonReport
{
    public static Report Create(IReadOnlyList<ComparedDataset> comparisons, IReadOnlyList<ReplayedHistory> sessions, bool hasPublished, string command)
    {
        MeasuredCandidate[] all = [.. comparisons.SelectMany(comparison => comparison.Candidates)];
        string[] models = [.. all.Select(candidate => candidate.Model).Distinct(StringComparer.Ordinal)];
        ComparedDataset[] summarized = [.. comparisons.Where(comparison => !comparison.IsOfAlbum)];
        return new Report
        {
            Title = $"Comparison on {string.Join(", ", summarized.Select(comparison => comparison.Title))}",
            Summary = $"{Count(models.Length, "model")}, {Count(comparisons.Max(comparison => comparison.Candidates.Count), "row")}, {Count(summarized.Length, "data set")}.",
            Tables =
            [
                .. summarized.Length > 1 ? [Summary(ComparisonSummary.From(summarized))] : Array.Empty<MetricTable>(),
                .. comparisons.Select(Table),
                .. sessions.Count > 0 ? [AlbumSessions.SectionOf(sessions).Table] : Array.Empty<MetricTable>(),
            ],
            Published = hasPublished ? [.. comparisons.Select(Published).OfType<PublishedTable>()] : [],
            Manifest =
            [
                .. models.Select(folder => Model(all.First(candidate => candidate.Model == folder))),
                .. comparisons.Select(comparison => new ManifestGroup(
                    $"{comparison.Title}: rows and coverage",
                    [.. comparison.Candidates.Select((candidate, i) => ($"{i + 1}", candidate.Command)), .. comparison.Candidates[0].Coverage.SelectMany(ManifestFacts.Describe)])),
                new ManifestGroup("Run", [("library", LibraryVersion.Current), ("command", command)]),
            ],
        };
    }

    private static MetricTable Summary(ComparisonSummary summary) => new(
        "All data sets",
        "The figure by which each data set is usually judged, with its 95 % bootstrap interval. The tables below have the others, and the tests.",
        [.. summary.Columns.Select(column => new MetricColumn(column))],
        [.. summary.Rows.Select(row => new MetricRow(
            row.Model,
            Details(row.Captions, row.Setting),
            [.. row.Figures.Select(figure => figure is { } known ? new MetricCell(known.Estimate, known.Lower, known.Upper) : (MetricCell?)null)]))]);

    private static MetricTable Table(ComparedDataset comparison)
    {
        IReadOnlyList<IRetrievalMetric> metrics = RetrievalProtocol.MetricsOf(comparison.Dataset.Name);
        int queries = comparison.Candidates[0].Results.Sum(result => result.Queries), images = comparison.Candidates[0].Results.Sum(result => result.Gallery);
        return new MetricTable(
            comparison.Title,
            FormattableString.Invariant($"{queries:N0} queries among {images:N0} images. ")
            + "Below a figure: its 95 % bootstrap interval; p: paired test against row 1, not corrected for the number of rows. "
            + CompositionGap.Explanation,
            [.. metrics.Select(metric => new MetricColumn(metric.Name, metric.IsPercentage, metric is MedianRank)), new MetricColumn("composition gap")],
            [.. comparison.Candidates.Zip(comparison.Table.Rows, (candidate, row) => Row(candidate, row, metrics))]);
    }

    private static MetricRow Row(MeasuredCandidate candidate, ComparisonRow row, IReadOnlyList<IRetrievalMetric> metrics) => new(
        candidate.ModelName,
        Details(candidate.CaptionsLabel, candidate.SettingLabel),
        [
            .. metrics.Select(metric => new MetricCell(
                row.Estimates[metric.Name].Estimate, row.Estimates[metric.Name].Lower, row.Estimates[metric.Name].Upper, row.AgainstFirst.GetValueOrDefault(metric.Name)?.PValue)),
            new MetricCell(candidate.Gap.Gap.Estimate, candidate.Gap.Gap.Lower, candidate.Gap.Gap.Upper),
        ]);

    private static PublishedTable? Published(ComparedDataset comparison)
        => PublishedComparison.Create(comparison.Dataset.Name, PublishedComparison.Caveat, metrics => comparison.Candidates.Zip(
        comparison.Table.Rows,
        (candidate, row) => new PublishedRow(
            candidate.ModelName,
            candidate.Source.Model!.Family,
            Details(candidate.CaptionsLabel, candidate.SettingLabel),
            $"this run, {comparison.Title}",
            [.. metrics.Select(metric => row.Estimates.TryGetValue(metric, out ConfidenceInterval figure) ? figure.Estimate : (double?)null)],
            IsOurs: true)));

    private static ManifestGroup Model(MeasuredCandidate candidate)
    {
        ModelManifest model = candidate.Source.Model!;
        return new ManifestGroup(
            candidate.ModelName,
            [
                ("folder", model.Folder!), ("family", model.Family), ("identity", model.Id), ("dimensions", FormattableString.Invariant($"{model.Dimensions}")),
                ("on disk", FormattableString.Invariant($"{candidate.Bytes / 1e6:0.0} MB")),
                ("search", FormattableString.Invariant($"{candidate.SecondsPerQuery * 1000:0.00} ms a query")),
            ]);
    }

    private static string Details(string captions, string setting) => captions == "none" ? setting : $"{setting}, {captions}";

    private static string Count(int count, string thing) => FormattableString.Invariant($"{count} {thing}{(count == 1 ? "" : "s")}");
}
