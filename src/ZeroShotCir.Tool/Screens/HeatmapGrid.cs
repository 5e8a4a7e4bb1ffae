using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using ZeroShotCir.Evaluation.Reporting;

namespace ZeroShotCir.Tool.Screens;

/// <summary>Draws a heatmap into the terminal: whole percents on their colors, or alone where there are none.</summary>
internal static class HeatmapGrid
{
    private const int WidestGrid = 21;

    public static IRenderable Create(Heatmap map)
    {
        Heatmap shown = map.Thinned((map.Betas.Count + WidestGrid - 1) / WidestGrid);
        List<IRenderable> lines =
        [
            new Markup($"[bold]{Terminal.Escape(map.Title)}[/]  [grey]α down, β across[/]"),
            new Markup($"[grey]    {string.Concat(shown.Betas.Select(beta => Weight(beta).PadLeft(4)))}[/]"),
        ];
        for (int alpha = 0; alpha < shown.Alphas.Count; alpha++)
        {
            lines.Add(new Markup($"[grey]{Weight(shown.Alphas[alpha]),4}[/] {string.Concat(Enumerable.Range(0, shown.Betas.Count).Select(beta => Cell(shown, alpha, beta)))}"));
        }

        return new Rows(lines);
    }

    private static string Cell(Heatmap map, int alpha, int beta)
    {
        double value = map[alpha, beta];
        HeatColor color = HeatColor.FromShare(map.Share(value));
        string style = $"{(color.IsLight ? "#1d2026" : "#ffffff")} on {color}";
        string mark = map.IsChosen(alpha, beta) ? "bold underline " : "";
        return $"[{mark}{style}]{value.ToString("0", CultureInfo.InvariantCulture),3} [/]";
    }

    private static string Weight(double value) => value.ToString("0.##", CultureInfo.InvariantCulture).Replace("0.", ".", StringComparison.Ordinal);
}
