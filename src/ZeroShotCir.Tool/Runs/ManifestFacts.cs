using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Reporting;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Runs;

/// <summary>Arranges the manifest of a run as the facts of a report.</summary>
internal static class ManifestFacts
{
    /// <summary>Adds all of a manifest to a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="manifest">The manifest.</param>
    /// <param name="title">What the report calls the data set.</param>
    public static void AddTo(EvaluationReport report, RunManifest manifest, string title)
    {
        foreach (ManifestGroup group in List(manifest, title))
        {
            report.Add(group);
        }
    }

    private static IEnumerable<ManifestGroup> List(RunManifest manifest, string title)
    {
        SourceManifest source = manifest.Source;
        List<(string Name, string Value)> model = [];
        if (source.Model is { } used)
        {
            string length = used.UnitLength ? "unit length" : "raw length";
            (string, string) place = used.Folder is { } kept ? ("folder", kept) : ("service", used.Service!);
            model.AddRange([("family", used.Family), ("identity", used.Id), place, ("dimensions", $"{used.Dimensions}, {length}")]);
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
                ("α", Numbers(setting.Alphas)), ("β", Numbers(setting.Betas)), ("scoring", setting.Scoring), ("inputs normalized", setting.NormalizeInputs ? "yes" : "no"),
                ("fusion", string.Join(", ", setting.Fusions)), ("missing captions", setting.MissingCaptions),
            ]);
        yield return Coverage(manifest, title);
        yield return new ManifestGroup(
            "Machine",
            [
                ("library", manifest.LibraryVersion), ("system", manifest.Hardware.System), ("processors", $"{manifest.Hardware.Processors} × {manifest.Hardware.Architecture}"),
                ("runtime", manifest.Hardware.Runtime), ("encoding", Seconds(manifest.Timings.EncodeSeconds)), ("scoring and ranking", Seconds(manifest.Timings.EvaluateSeconds)),
                ("command", manifest.Command),
            ]);
    }

    /// <summary>How much of the data set was evaluated; it stands in the place of what the report says of it itself.</summary>
    public static ManifestGroup Coverage(RunManifest manifest, string title) => new(
        $"Coverage of {title}", [.. manifest.Coverage.SelectMany(Describe), ("root", manifest.Root)]);

    /// <summary>How much of one category was evaluated, and what was left out.</summary>
    public static IEnumerable<(string Name, string Value)> Describe(CoverageManifest coverage)
    {
        string name = coverage.Category ?? "all";
        string gallery = coverage.GalleryProtocol == "union" ? ", VAL protocol" : "";
        string images = FormattableString.Invariant($"{coverage.Gallery:N0} of {coverage.GalleryAnnotated:N0} images{gallery}");
        yield return (name, FormattableString.Invariant($"{images}, {coverage.Queries:N0} of {coverage.QueriesAnnotated:N0} queries, {coverage.Captioned:N0} captioned"));
        if (coverage.Missing.Count + coverage.Corrupt.Count > 0)
        {
            IEnumerable<string> leftOut = [.. coverage.Missing.Select(image => $"{image} (missing)"), .. coverage.Corrupt.Select(image => $"{image} (corrupt)")];
            yield return ($"{name}, left out", string.Join(", ", leftOut));
        }
    }

    private static string Numbers(IReadOnlyList<double> values)
        => string.Join(", ", values.Select(value => FormattableString.Invariant($"{value:0.##}")));

    private static string Seconds(double seconds) => FormattableString.Invariant($"{seconds:0.00} s");
}
