using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Reporting;
using ZeroShotCir.Evaluation.Results;

namespace ZeroShotCir.Evaluation;

/// <summary>Puts the rows of a run above what others published on the data set of its layout.</summary>
internal static class PublishedComparison
{
    /// <summary>What keeps the rows from being like for like, where data sets and models are those of the field.</summary>
    public const string Caveat = "Backbones, weights and splits differ from row to row (CIRR and CIRCO rows are of their test servers); read the sources before comparing.";

    /// <summary>The table; <see langword="null"/> where nothing is known.</summary>
    public static PublishedTable? Create(MeasuredSettings measured, string backbone, string note)
        => Create(measured.Runners[0].Dataset.Name, note, metrics => measured.Settings.Select((setting, position) => new PublishedRow(
            setting.Name, backbone, setting.Detail, $"this run, {measured.Title}", Figures(metrics, measured.ResultOf(position).Metrics), IsOurs: true)));

    /// <summary>The table of rows that are made of the metrics' names; <see langword="null"/> where nothing is known of the data set.</summary>
    public static PublishedTable? Create(string dataset, string note, Func<IReadOnlyList<string>, IEnumerable<PublishedRow>> ours)
    {
        IReadOnlyList<PublishedResult> published = PublishedResults.ForDataset(dataset);
        string[] metrics = [.. published.SelectMany(row => row.Metrics[dataset].Keys).Distinct()];
        if (metrics.Length == 0)
        {
            return null;
        }

        IEnumerable<PublishedRow> theirs = published.Select(row => new PublishedRow(
            row.Method,
            row.Backbone,
            row.Supervised ? "supervised" : "training-free",
            string.Join("; ", ((string?[])[row.Citation, row.Source, row.Unverified ? "unverified" : null, row.Note]).OfType<string>()),
            Figures(metrics, row.Metrics[dataset])));
        return new PublishedTable(DatasetReader.TitleOf(dataset), note, metrics, [.. ours(metrics), .. theirs]);
    }

    private static double?[] Figures(IReadOnlyList<string> metrics, IReadOnlyDictionary<string, double> figures)
        => [.. metrics.Select(metric => figures.TryGetValue(metric, out double value) ? value : (double?)null)];
}
