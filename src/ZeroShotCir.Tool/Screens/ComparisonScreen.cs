using System.Globalization;
using Spectre.Console;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Screens;

/// <summary>Draws a comparison for people: one table, the commands of its rows, and what others published.</summary>
internal static class ComparisonScreen
{
    public static void Write(Terminal terminal, ComparedDataset compared, bool hasPublished)
    {
        EvaluationDataset dataset = compared.Dataset;
        IReadOnlyList<MeasuredCandidate> candidates = compared.Candidates;
        ToolConsole console = terminal.Out;
        string[] metrics = HeadlinesOf(dataset.Name);
        IReadOnlyList<EvaluationResult> first = candidates[0].Results;
        console.MarkupLineInterpolated($"[bold]{compared.Title}[/]  {first.Sum(result => result.Queries):N0} queries among {first.Sum(result => result.Gallery):N0} images");
        console.Write(Rows(candidates, compared.Table, metrics));
        console.WriteLine("Below a figure: its 95 % bootstrap interval over queries, and the p-value of the paired test against row 1.");
        console.WriteLine("gap@10: R@10 (any right answer) less the better of text and image alone, in points; within noise where its interval holds 0.");
        console.WriteLine("Encoding: model loading, images, captions and texts, as far as not remembered. Search: score all, list 50, per query.");
        foreach (MeasuredCandidate joint in candidates.Where(candidate => candidate.ReadsTogether).DistinctBy(candidate => candidate.Source.Model!.Id))
        {
            ModelManifest model = joint.Source.Model!;
            string composes = model.Composition == "joint" ? "reads image and text together" : "is asked by the sum of both embeddings as its towers write them";
            console.MarkupLineInterpolated($"joint: {joint.ModelName} {composes} ({model.Composition}); weighted adds the same model's own embeddings of both.");
        }

        foreach (UnmeasuredRow row in compared.Measured.Unmeasured)
        {
            console.MarkupLineInterpolated($"  [grey]{row.Label} needs[/] {row.Needs}");
        }

        terminal.Coverage(candidates[0].Coverage);
        for (int i = 0; i < candidates.Count; i++)
        {
            // Written past the console, which would break a command over lines.
            console.Profile.Out.Writer.WriteLine($"  {i + 1}  {candidates[i].Command}");
        }

        if (hasPublished && PublishedResults.ForDataset(dataset.Name) is { Count: > 0 } published)
        {
            console.WriteLine();
            console.Write(Published(dataset, published));
            console.WriteLine("FashionIQ val (mean of the three categories), CIRR test1, CIRCO test. "
                + "Backbones and weights differ from row to row: read the sources (--json) before comparing. * unverified.");
        }

        console.WriteLine();
    }

    /// <summary>Draws what the rows achieve on all data sets.</summary>
    public static void Write(Terminal terminal, ComparisonSummary summary)
    {
        Table drawn = new Table().Border(TableBorder.Simple).AddColumn("all data sets").AddColumn("captions").AddColumn("fusion");
        foreach (string column in summary.Columns)
        {
            drawn.AddColumn(new TableColumn(Terminal.Escape(column)).RightAligned());
        }

        foreach (ComparisonSummaryRow row in summary.Rows)
        {
            drawn.AddRow([
                Terminal.Escape(row.Model), Terminal.Escape(row.Captions), Terminal.Escape(row.Setting),
                .. row.Figures.Select(figure => figure is { } known ? Figure(known, null) : "–"),
            ]);
        }

        terminal.Out.Write(drawn);
    }

    private static string[] HeadlinesOf(string dataset) => dataset switch
    {
        "cirr" => ["R@1", "R@5", "R@10", "Rsub@1"],
        "circo" => ["mAP@5", "mAP@10", "mAP@25", "mAP@50"],
        "genecis" => ["R@1", "R@2", "R@3"],
        "icir" => ["mAP", "mmAP", "minmAP"],
        "patterncom" => ["mAP", "P@10", "R@10"],
        "queries" => ["mAP@10", "R@1", "R@10"],
        _ => ["R@1", "R@10", "R@50"],
    };

    private static Table Rows(IReadOnlyList<MeasuredCandidate> candidates, ComparisonTable table, string[] metrics)
    {
        Table drawn = new Table().Border(TableBorder.Simple).AddColumn("").AddColumn("model").AddColumn("captions").AddColumn("fusion");
        foreach (string column in (string[])[.. metrics, "gap@10", "D", "disk", "encoding", "search"])
        {
            drawn.AddColumn(new TableColumn(column).RightAligned().NoWrap());
        }

        for (int i = 0; i < candidates.Count; i++)
        {
            MeasuredCandidate candidate = candidates[i];
            ComparisonRow row = table.Rows[i];
            drawn.AddRow([
                $"{i + 1}",
                Terminal.Escape(candidate.ModelName),
                Terminal.Escape(candidate.CaptionsLabel),
                Terminal.Escape(candidate.SettingLabel),
                .. metrics.Select(metric => Figure(row.Estimates[metric], row.AgainstFirst.GetValueOrDefault(metric))),
                ResultTable.GapCell(candidate.Gap),
                Invariant($"{candidate.Source.Model!.Dimensions}"),
                Invariant($"{candidate.Bytes / 1e6:0.0} MB"),
                Invariant($"{candidate.Effort.Seconds:0.0} s"),
                Invariant($"{candidate.SecondsPerQuery * 1000:0.00} ms"),
            ]);
        }

        return drawn;
    }

    private static string Figure(ConfidenceInterval figure, PairedComparison? againstFirst)
    {
        string value = Invariant($"[bold]{figure.Estimate:0.0}[/]\n{figure.Lower:0.0}–{figure.Upper:0.0}");
        return againstFirst is null ? value : $"{value}\np {(againstFirst.PValue < 0.001 ? "< 0.001" : Invariant($"{againstFirst.PValue:0.000}"))}";
    }

    private static Table Published(EvaluationDataset dataset, IReadOnlyList<PublishedResult> published)
    {
        string[] metrics = [.. published.SelectMany(row => row.Metrics[dataset.Name].Keys).Distinct()];
        Table drawn = new Table().Border(TableBorder.Simple).AddColumn("published").AddColumn("backbone").AddColumn("");
        foreach (string metric in metrics)
        {
            drawn.AddColumn(new TableColumn(metric).RightAligned().NoWrap());
        }

        foreach (PublishedResult row in published)
        {
            drawn.AddRow([
                Terminal.Escape($"{row.Method}{(row.Unverified ? "*" : "")}"),
                Terminal.Escape(row.Backbone),
                row.Supervised ? "supervised" : "training-free",
                .. metrics.Select(metric => row.Metrics[dataset.Name].TryGetValue(metric, out double value) ? Invariant($"{value:0.00}") : "–"),
            ]);
        }

        return drawn;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
