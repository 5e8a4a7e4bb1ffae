using System.Globalization;
using Spectre.Console;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Statistics;

namespace ZeroShotCir.Tool.Screens;

/// <summary>Draws results for people.</summary>
internal static class ResultTable
{
    /// <summary>One row per result; columns are the metrics, each with its 95 % interval below, and the composition gap where it was measured.</summary>
    public static Table Create(
        IReadOnlyList<EvaluationResult> results, IReadOnlyList<IReadOnlyDictionary<string, ConfidenceInterval>> intervals, IReadOnlyList<CompositionGap> gaps)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("category").AddColumn(new TableColumn("α").RightAligned()).AddColumn(new TableColumn("β").RightAligned());
        foreach (string metric in results[0].Metrics.Keys)
        {
            table.AddColumn(new TableColumn(metric.Replace('_', ' ')).RightAligned().NoWrap().PadLeft(1).PadRight(1));
        }

        if (gaps.Count > 0)
        {
            table.AddColumn(new TableColumn("gap@10").RightAligned().NoWrap().PadLeft(1).PadRight(1));
        }

        for (int i = 0; i < results.Count; i++)
        {
            EvaluationResult result = results[i];
            IReadOnlyDictionary<string, ConfidenceInterval> interval = intervals[i];
            bool isSum = result.Category == "average";
            table.AddRow([
                isSum ? "[bold]average[/]" : Terminal.Escape(result.Category ?? result.Dataset),
                result.Setting.Fusion.Definition.UsesAlpha ? Number(result.Setting.Alpha, "0.##") : "[grey]-[/]",
                Number(result.Setting.Beta, "0.##"),
                .. result.Metrics.Select(metric => $"{(isSum ? "[bold]" : "[default]")}{Figure(metric.Key, metric.Value)}[/]\n{Ends(metric.Key, interval[metric.Key])}"),
                .. gaps.Count > 0 ? [GapCell(gaps[i])] : Array.Empty<string>(),
            ]);
        }

        return table;
    }

    /// <summary>A composition gap with its interval, or what makes it say nothing.</summary>
    public static string GapCell(CompositionGap gap)
        => $"{Signed(gap.Gap.Estimate)}\n{(gap.IsWithinNoise ? "within noise" : $"{Signed(gap.Gap.Lower)}–{Signed(gap.Gap.Upper)}")}";

    private static string Signed(double points) => Number(points, "+0.0;-0.0;0.0");

    private static string Figure(string metric, double value) => Number(value, metric == "mrr" ? "0.000" : metric == "median_rank" ? "0.#" : "0.00");

    private static string Ends(string metric, ConfidenceInterval interval) => $"{End(metric, interval.Lower)}–{End(metric, interval.Upper)}";

    // The ends of an interval are themselves estimates, and one decimal keeps the widest table on a screen.
    private static string End(string metric, double value) => Number(value, metric == "mrr" ? "0.00" : "0.#");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
