using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Reporting;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Runs;

/// <summary>Gathers what a report shows of measured runs.</summary>
internal static class RunReport
{
    private const int ShownHits = 10;

    /// <summary>The tables of a run: the mean first, then every category.</summary>
    public static IEnumerable<MetricTable> Tables(MeasuredSettings run, StatisticsOptions? statistics = null)
    {
        if (run.Categories.Count > 1)
        {
            yield return run.Table(null, statistics);
        }

        for (int category = 0; category < run.Categories.Count; category++)
        {
            yield return run.Table(category, statistics);
        }
    }

    /// <summary>The run's best row for the eye, above what others published on the data set of that layout.</summary>
    public static PublishedTable? Published(MeasuredSettings run, SourceManifest source, string note)
    {
        string dataset = run.Runners[0].Dataset.Name;
        IReadOnlyList<PublishedResult> published = PublishedResults.Of(dataset);
        string[] metrics = [.. published.SelectMany(row => row.Metrics[dataset].Keys).Distinct()];
        if (metrics.Length == 0)
        {
            return null;
        }

        IEnumerable<PublishedRow> ours = Enumerable.Range(0, run.Settings.Count).Select(setting =>
        {
            EvaluationResult result = run.ResultOf(setting, null);
            return new PublishedRow(
                run.Settings[setting].Name,
                source.Model?.Family ?? "stored features",
                run.Settings[setting].Detail,
                $"this run, {run.Title}",
                [.. metrics.Select(metric => result.Metrics.TryGetValue(metric, out double value) ? value : (double?)null)],
                IsOurs: true);
        });
        IEnumerable<PublishedRow> theirs = published.Select(row => new PublishedRow(
            row.Method,
            row.Backbone,
            row.Supervised ? "supervised" : "training-free",
            string.Join("; ", ((string?[])[row.Citation, row.Source, row.Unverified ? "unverified" : null, row.Note]).OfType<string>()),
            [.. metrics.Select(metric => row.Metrics[dataset].TryGetValue(metric, out double value) ? value : (double?)null)]));
        return new PublishedTable(NameOf(dataset), note, metrics, [.. ours, .. theirs]);
    }

    /// <summary>Queries to look at, evenly spread over each category.</summary>
    public static QueryBrowser Browse(IReadOnlyList<MeasuredSettings> runs, int perCategory, Thumbnails thumbnails, CancellationToken cancellationToken)
    {
        List<BrowsedQuery> queries = [];
        int total = 0;
        foreach (MeasuredSettings run in runs)
        {
            for (int category = 0; category < run.Categories.Count; category++)
            {
                total += run.Results[0][category].Queries;
                queries.AddRange(Browse(run, category, perCategory, thumbnails, cancellationToken));
            }
        }

        return new QueryBrowser([.. runs[0].Settings.Select(setting => setting.Name)], queries, total, thumbnails.Pictures);
    }

    private static IEnumerable<BrowsedQuery> Browse(MeasuredSettings run, int category, int count, Thumbnails thumbnails, CancellationToken cancellationToken)
    {
        EvaluationRunner runner = run.Runners[category];
        Dictionary<string, string> paths = runner.Dataset.Gallery.ToDictionary(image => image.Name, image => image.Path, StringComparer.Ordinal);
        IReadOnlyList<QueryRanking>[] rankings = [.. run.Settings.Select(setting => runner.Rank(setting.Setting, ShownHits, cancellationToken))];
        int shown = Math.Min(count, rankings[0].Count);
        for (int i = 0; i < shown; i++)
        {
            int position = (int)((long)i * rankings[0].Count / shown);
            EvaluationQuery query = rankings[0][position].Query;
            yield return new BrowsedQuery(
                run.Categories[category] is { } name ? $"{run.Title}, {name}" : run.Title,
                Pictured(query.Reference),
                string.Join(" and ", query.Captions),
                [.. ((string[])[query.Target!, .. query.GroundTruths]).Distinct().Select(Pictured)],
                [.. rankings.Select((list, setting) => new BrowsedRanking(
                    run.Results[setting][category].Ranks[position].Target,
                    [.. list[position].Hits.Select(hit => Pictured(runner.GalleryNames[hit.Ordinal]))]))]);
        }

        string Pictured(string name)
        {
            thumbnails.Add(name, paths.GetValueOrDefault(name, name));
            return name;
        }
    }

    /// <summary>The facts of a run for its manifest.</summary>
    public static IEnumerable<ManifestGroup> Manifest(RunManifest manifest)
    {
        SourceManifest source = manifest.Source;
        List<(string Name, string Value)> model = [];
        if (source.Model is { } used)
        {
            model.AddRange([("family", used.Family), ("identity", used.Id), ("folder", used.Folder), ("dimensions", $"{used.Dimensions}, {(used.UnitLength ? "unit length" : "raw length")}")]);
        }

        if (source.Preprocessing is { } preprocessing)
        {
            model.Add(("preprocessing", $"{preprocessing.Resize} {preprocessing.Size}, {preprocessing.Filter}"));
        }

        foreach (string folder in source.Features ?? [])
        {
            model.Add(("features", folder));
        }

        model.Add(("text recipe", source.TextRecipe ?? "texts were encoded beforehand"));
        model.Add(("captions", source.Captions ?? (source.Features is null ? "none" : "in the features")));
        if (source.Composition is { } composition)
        {
            model.Add(("target descriptions", FormattableString.Invariant($"{composition}, {source.Described:N0} queries")));
        }

        yield return new ManifestGroup("Model and texts", model);

        SettingManifest setting = manifest.Setting;
        yield return new ManifestGroup(
            "Setting",
            [
                ("α", Numbers(setting.Alphas)), ("β", Numbers(setting.Betas)), ("scoring", setting.Scoring), ("inputs normalised", setting.NormalizeInputs ? "yes" : "no"),
                ("fusion", string.Join(", ", setting.Fusions)), ("missing captions", setting.MissingCaptions),
            ]);
        yield return new ManifestGroup(
            $"Coverage of {NameOf(manifest.Dataset)} {manifest.Split}",
            [.. manifest.Coverage.SelectMany(Describe), ("root", manifest.Root)]);
        yield return new ManifestGroup(
            "Machine",
            [
                ("library", manifest.LibraryVersion), ("system", manifest.Hardware.System), ("processors", $"{manifest.Hardware.Processors} × {manifest.Hardware.Architecture}"),
                ("runtime", manifest.Hardware.Runtime), ("encoding", Seconds(manifest.Timings.EncodeSeconds)), ("scoring and ranking", Seconds(manifest.Timings.EvaluateSeconds)),
                ("command", manifest.Command),
            ]);
    }

    private static IEnumerable<(string Name, string Value)> Describe(CoverageManifest coverage)
    {
        string name = coverage.Category ?? "all";
        string gallery = coverage.GalleryProtocol == "union" ? ", VAL protocol" : "";
        yield return (name, FormattableString.Invariant($"{coverage.Gallery:N0} of {coverage.GalleryAnnotated:N0} images{gallery}, {coverage.Queries:N0} of {coverage.QueriesAnnotated:N0} queries, {coverage.Captioned:N0} captioned"));
        if (coverage.Missing.Count + coverage.Corrupt.Count > 0)
        {
            yield return ($"{name}, left out", string.Join(", ", coverage.Missing.Select(image => $"{image} (missing)").Concat(coverage.Corrupt.Select(image => $"{image} (corrupt)"))));
        }
    }

    public static string NameOf(string dataset) => dataset switch
    {
        "fashioniq" => "FashionIQ",
        "genecis" => "GeneCIS",
        "icir" => "i-CIR",
        "patterncom" => "PatternCom",
        "mbeir" => "M-BEIR",
        "queries" => "Own queries",
        _ => dataset.ToUpperInvariant(),
    };

    private static string Numbers(IReadOnlyList<double> values)
        => string.Join(", ", values.Select(value => FormattableString.Invariant($"{value:0.##}")));

    private static string Seconds(double seconds) => FormattableString.Invariant($"{seconds:0.00} s");
}
