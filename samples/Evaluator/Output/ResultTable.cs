using System.Globalization;
using Spectre.Console;
using ZeroShotCir.Evaluation;

namespace ZeroShotCir.Evaluator.Output;

/// <summary>Draws results for people.</summary>
internal static class ResultTable
{
    /// <summary>One row per result; columns are the metrics.</summary>
    public static Table Of(IReadOnlyList<EvaluationResult> results)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("category").AddColumn(new TableColumn("α").RightAligned()).AddColumn(new TableColumn("β").RightAligned());
        foreach (string metric in results[0].Metrics.Keys)
        {
            table.AddColumn(new TableColumn(metric).RightAligned());
        }

        foreach (EvaluationResult result in results)
        {
            bool isSum = result.Category == "average";
            table.AddRow([
                isSum ? "[bold]average[/]" : Markup.Escape(result.Category ?? result.Dataset),
                Number(result.Setting.Alpha, "0.##"),
                Number(result.Setting.Beta, "0.##"),
                .. result.Metrics.Select(metric => isSum ? $"[bold]{Figure(metric)}[/]" : Figure(metric)),
            ]);
        }

        return table;
    }

    private static string Figure(KeyValuePair<string, double> metric) => Number(metric.Value, metric.Key == "mrr" ? "0.000" : metric.Key == "median_rank" ? "0.#" : "0.00");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
