using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Reporting;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Metrics;
using ZeroShotCir.Similarity;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Runs;

/// <summary>What a report shows of a kind of the album's queries: every strategy, and a few queries as the best of them ranks.</summary>
internal static class StrategyReport
{
    private const int ShownQueries = 2;
    private const int ShownHits = 8;
    private static readonly string[] Headlines = ["mAP@10", "R@1", "R@10"];

    /// <param name="kind">The queries.</param>
    /// <param name="measured">The strategies on them.</param>
    /// <param name="thumbnails">Makes pictures small.</param>
    /// <param name="fileOf">Gives the file of a picture.</param>
    /// <param name="statistics">How intervals are drawn.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static StrategySection Create(
        AlbumKind kind, MeasuredComparison measured, Thumbnails thumbnails, Func<string, string> fileOf, StatisticsOptions? statistics, CancellationToken cancellationToken)
    {
        MeasuredCandidate best = measured.Candidates.MaxBy(candidate => candidate.Results[0].Metrics[Headlines[0]])!;
        return new StrategySection(Table(kind, measured, statistics), [.. Queries(kind, best, thumbnails, fileOf, cancellationToken)]);
    }

    private static MetricTable Table(AlbumKind kind, MeasuredComparison measured, StatisticsOptions? statistics)
    {
        MetricColumn[] columns = [.. Headlines.Select(name => new MetricColumn(name)), new("gap@10"), new("µs per query", IsPercentage: false, SmallerIsBetter: true)];
        EvaluationResult first = measured.Candidates[0].Results[0];
        return new MetricTable(
            $"Album: {kind.Title}",
            FormattableString.Invariant($"{first.Queries:N0} queries among {first.Gallery:N0} pictures, several right answers each. Below a figure: its 95 % bootstrap interval. ")
                + "gap@10: R@10 less the better of both halves alone, in points. The time is for scoring all and listing 50.",
            columns,
            [
                .. measured.Candidates.Select(candidate => new MetricRow(
                    candidate.Setting.Fusion.ToString(), new NamedSetting("", candidate.Setting).Detail, Cells(candidate, statistics))),
                .. measured.Unmeasured.Select(row => new MetricRow(row.Label, "", []) { Needs = row.Needs }),
            ]);
    }

    private static MetricCell?[] Cells(MeasuredCandidate candidate, StatisticsOptions? statistics)
    {
        IReadOnlyList<IRetrievalMetric> metrics = RetrievalProtocol.MetricsOf(AlbumBenchmark.Protocol);
        ConfidenceInterval gap = candidate.Gap.Gap;
        return
        [
            .. Headlines.Select(name =>
            {
                ConfidenceInterval figure = MetricStatistics.Estimate(candidate.Results, metrics.First(metric => metric.Name == name), statistics);
                return (MetricCell?)new MetricCell(figure.Estimate, figure.Lower, figure.Upper);
            }),
            new MetricCell(gap.Estimate, gap.Lower, gap.Upper),
            new MetricCell(candidate.SecondsPerQuery * 1e6),
        ];
    }

    private static IEnumerable<ShownQuery> Queries(AlbumKind kind, MeasuredCandidate best, Thumbnails thumbnails, Func<string, string> fileOf, CancellationToken cancellationToken)
    {
        EvaluationRunner runner = kind.Run.Categories[0].Runner;
        IReadOnlyList<QueryRanking> rankings = runner.Rank(best.Setting, ShownHits, cancellationToken);
        for (int i = 0; i < ShownQueries; i++)
        {
            int position = i * rankings.Count / ShownQueries;
            AlbumQuestion question = kind.Questions[position];
            yield return new ShownQuery(
                question.Text,
                [.. question.Details, $"ranked by {best.SettingLabel}"],
                [.. question.References.Select(name => Picture(name, question))],
                [.. rankings[position].Hits.Select((SearchHit hit) => Picture(runner.GalleryNames[hit.Ordinal], question))]);
        }

        AlbumPicture Picture(string name, AlbumQuestion question)
        {
            ReadOnlyMemory<byte> small = thumbnails.Add(new GalleryImage(name, fileOf(name)));
            return new AlbumPicture(name, small, question.Right.Contains(name)) { IsNegative = question.Negatives.Contains(name) };
        }
    }
}
