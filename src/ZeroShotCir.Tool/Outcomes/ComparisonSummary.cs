using ZeroShotCir.Evaluation.Statistics;

namespace ZeroShotCir.Tool.Outcomes;

/// <summary>What the rows of a comparison achieve on every data set: the one figure by which each is usually judged.</summary>
/// <param name="Columns">What the figures are, such as <c>CIRR val R@1</c>.</param>
/// <param name="Rows">A row for each model, source of captions and setting; <see langword="null"/> where a data set has no such row.</param>
internal sealed record ComparisonSummary(IReadOnlyList<string> Columns, IReadOnlyList<ComparisonSummaryRow> Rows)
{
    /// <summary>The summary of comparisons of the same models and settings.</summary>
    public static ComparisonSummary From(IReadOnlyList<ComparedDataset> comparisons)
    {
        string[] metrics = [.. comparisons.Select(comparison => HeadlineOf(comparison.Dataset.Name))];
        Dictionary<string, ConfidenceInterval>[] figures = [.. comparisons.Select((comparison, i) => Keys(comparison.Candidates)
            .Zip(comparison.Table.Rows).ToDictionary(pair => pair.First, pair => pair.Second.Estimates[metrics[i]], StringComparer.Ordinal))];
        return new ComparisonSummary(
            [.. comparisons.Zip(metrics, (comparison, metric) => $"{comparison.Title} {metric}")],
            [
                .. comparisons.SelectMany(comparison => Keys(comparison.Candidates).Zip(comparison.Candidates)).DistinctBy(row => row.First).Select(row => new ComparisonSummaryRow(
                    row.Second.ModelName,
                    row.Second.Captions is null ? "none" : "with captions",
                    row.Second.SettingLabel,
                    [.. figures.Select(of => of.TryGetValue(row.First, out ConfidenceInterval figure) ? figure : (ConfidenceInterval?)null)])),
            ]);
    }

    // Every data set has captions of its own: what a row has in common with others is that it has some, and which of its kind it is.
    private static IEnumerable<string> Keys(IReadOnlyList<MeasuredCandidate> candidates)
    {
        Dictionary<string, int> met = new(StringComparer.Ordinal);
        foreach (MeasuredCandidate candidate in candidates)
        {
            string kind = $"{candidate.Model}\n{candidate.Captions is not null}\n{candidate.SettingLabel}";
            met[kind] = met.GetValueOrDefault(kind) + 1;
            yield return $"{kind}\n{met[kind]}";
        }
    }

    private static string HeadlineOf(string dataset) => dataset switch
    {
        "fashioniq" => "R@10",
        "circo" => "mAP@5",
        "icir" or "patterncom" => "mAP",
        "queries" => "mAP@10",
        _ => "R@1",
    };
}
