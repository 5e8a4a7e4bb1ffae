namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>Draws a heatmap as inline SVG; its words take the color of the page around it.</summary>
internal static class HeatmapSvg
{
    private const int Left = 56;
    private const int Top = 34;
    private const int LegendHeight = 46;

    public static void Write(HtmlWriter html, Heatmap map)
    {
        int cell = map.Betas.Count > 14 ? 30 : 44;
        int width = Left + (map.Betas.Count * cell) + 8;
        int bottom = Top + (map.Alphas.Count * cell);
        html.Add($"<svg class=\"heatmap\" role=\"img\" viewBox=\"0 0 {width} {bottom + LegendHeight}\" style=\"max-width:{width}px\" aria-label=\"{Describe(map)}\">");
        html.Add($"<text x=\"{Left}\" y=\"12\" class=\"axis\">β, weight of the captions →</text>");
        html.Add($"<text class=\"axis\" transform=\"translate(12 {bottom}) rotate(-90)\">α, weight of the text →</text>");
        for (int beta = 0; beta < map.Betas.Count; beta++)
        {
            html.Add($"<text x=\"{Left + (beta * cell) + (cell / 2)}\" y=\"28\" class=\"tick\">{map.Betas[beta]:0.##}</text>");
        }

        for (int alpha = 0; alpha < map.Alphas.Count; alpha++)
        {
            WriteRow(html, map, alpha, cell);
        }

        WriteMarks(html, map, cell);
        WriteLegend(html, map, bottom + 18);
        html.AddVerbatim("</svg>");
    }

    private static void WriteRow(HtmlWriter html, Heatmap map, int alpha, int cell)
    {
        int y = Top + (alpha * cell);
        html.Add($"<text x=\"{Left - 6}\" y=\"{y + (cell / 2) + 4}\" class=\"tick side\">{map.Alphas[alpha]:0.##}</text>");
        for (int beta = 0; beta < map.Betas.Count; beta++)
        {
            double value = map[alpha, beta];
            HeatColor color = HeatColor.FromShare(map.Share(value));
            int x = Left + (beta * cell);
            html.Add($"<g><title>α {map.Alphas[alpha]:0.##}, β {map.Betas[beta]:0.##}: {value:0.0} %</title>");
            html.Add($"<rect x=\"{x}\" y=\"{y}\" width=\"{cell}\" height=\"{cell}\" fill=\"{color.ToString()}\"/>");
            html.Add($"<text x=\"{x + (cell / 2)}\" y=\"{y + (cell / 2) + 4}\" ");
            html.Add($"class=\"{(color.IsLight ? "value dark" : "value")}{(cell < 40 ? " small" : "")}\">{value:0.0}</text></g>");
        }
    }

    // Last, so that no neighbouring cell paints over the frames.
    private static void WriteMarks(HtmlWriter html, Heatmap map, int cell)
    {
        for (int alpha = 0; alpha < map.Alphas.Count; alpha++)
        {
            for (int beta = 0; beta < map.Betas.Count; beta++)
            {
                string mark = map.IsChosen(alpha, beta) ? "chosen" : map.IsHighest(alpha, beta) ? "best" : "";
                if (mark.Length > 0)
                {
                    html.Add($"<rect class=\"{mark}\" x=\"{Left + (beta * cell) + 1.5}\" y=\"{Top + (alpha * cell) + 1.5}\" width=\"{cell - 3}\" height=\"{cell - 3}\" rx=\"3\"/>");
                }
            }
        }
    }

    private static void WriteLegend(HtmlWriter html, Heatmap map, int y)
    {
        const int Steps = 24;
        const int Step = 7;
        for (int i = 0; i < Steps; i++)
        {
            html.Add($"<rect x=\"{Left + (i * Step)}\" y=\"{y}\" width=\"{Step}\" height=\"10\" fill=\"{HeatColor.FromShare(i / (Steps - 1.0)).ToString()}\"/>");
        }

        int end = Left + (Steps * Step);
        html.Add($"<text x=\"{Left}\" y=\"{y + 24}\" class=\"axis\">{map.Lowest:0.0} %</text><text x=\"{end}\" y=\"{y + 24}\" class=\"tick side\">{map.Highest:0.0} %</text>");
        html.Add($"<rect class=\"best\" x=\"{end + 22}\" y=\"{y - 1}\" width=\"12\" height=\"12\" rx=\"2\"/><text x=\"{end + 40}\" y=\"{y + 9}\" class=\"axis\">highest</text>");
        if (map.Chosen is not null)
        {
            html.Add($"<rect class=\"chosen\" x=\"{end + 96}\" y=\"{y - 1}\" width=\"12\" height=\"12\" rx=\"2\"/>");
            html.Add($"<text x=\"{end + 114}\" y=\"{y + 9}\" class=\"axis\">used here</text>");
        }
    }

    private static string Describe(Heatmap map)
        => FormattableString.Invariant($"{map.Title}: {map.Lowest:0.0} to {map.Highest:0.0} percent over {map.Alphas.Count} values of alpha and {map.Betas.Count} of beta");
}
