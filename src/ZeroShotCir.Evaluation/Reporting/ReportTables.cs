namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>Writes the tables of a report.</summary>
internal static class ReportTables
{
    public static void Write(HtmlWriter html, Report report)
    {
        html.AddVerbatim("<section id=\"results\"><h2>Results</h2>");
        foreach (MetricTable table in report.Tables)
        {
            WriteTable(html, table);
        }

        html.AddVerbatim("</section>");
    }

    public static void WritePublished(HtmlWriter html, IReadOnlyList<PublishedTable> tables)
    {
        if (tables.Count == 0)
        {
            return;
        }

        html.AddVerbatim("<section id=\"published\"><h2>Beside published methods</h2>");
        foreach (PublishedTable table in tables)
        {
            html.Add($"<h3>{table.Title}</h3><p class=\"note\">{table.Note}</p><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{table.Title}\">");
            html.AddVerbatim("<table><thead><tr><th scope=\"col\">method</th><th scope=\"col\">backbone</th><th scope=\"col\">kind</th>");
            WriteHeader(html, table.Metrics);
            html.AddVerbatim("<th scope=\"col\">source</th></tr></thead><tbody>");
            foreach (PublishedRow row in table.Rows)
            {
                html.Add($"<tr class=\"{(row.IsOurs ? "ours" : "")}\"><th scope=\"row\">{row.Method}</th><td class=\"backbone\">{row.Backbone}</td><td>{row.Kind}</td>");
                foreach (double? figure in row.Figures)
                {
                    html.Add($"<td class=\"n\">{(figure is { } value ? FormattableString.Invariant($"{value:0.00}") : "–")}</td>");
                }

                html.Add($"<td class=\"source\">{row.Source}</td></tr>");
            }

            html.AddVerbatim("</tbody></table></div>");
        }

        html.AddVerbatim("</section>");
    }

    /// <summary>Writes one table under its title.</summary>
    public static void WriteTable(HtmlWriter html, MetricTable table)
    {
        html.Add($"<h3>{table.Title}</h3><p class=\"note\">{table.Note}</p><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{table.Title}\">");
        html.AddVerbatim("<table class=\"metrics\"><thead><tr><th scope=\"col\">setting</th>");
        WriteHeader(html, table.Columns.Select(column => column.Name));
        html.AddVerbatim("</tr></thead><tbody>");
        foreach (MetricRow row in table.Rows)
        {
            html.Add($"<tr><th scope=\"row\">{row.Setting}<small>{row.Detail}</small></th>");
            if (row.Needs is { } needs)
            {
                html.Add($"<td colspan=\"{table.Columns.Count}\"><small>needs {needs}</small></td></tr>");
                continue;
            }

            for (int column = 0; column < row.Cells.Count; column++)
            {
                WriteCell(html, table.Columns[column], row.Cells[column], table.IsBest(column, row.Cells[column]));
            }

            html.AddVerbatim("</tr>");
        }

        html.AddVerbatim("</tbody></table></div>");
    }

    private static void WriteHeader(HtmlWriter html, IEnumerable<string> metrics)
    {
        foreach (string metric in metrics)
        {
            html.Add($"<th scope=\"col\" class=\"n\">{metric.Replace('_', ' ')}</th>");
        }
    }

    private static void WriteCell(HtmlWriter html, MetricColumn column, MetricCell? cell, bool isBest)
    {
        if (cell is not { } figure)
        {
            html.AddVerbatim("<td class=\"n\">–</td>");
            return;
        }

        html.Add($"<td class=\"{(isBest ? "n best" : "n")}\" style=\"--share:{(column.IsPercentage ? figure.Value : 0):0.##}%\"><b>{column.Format(figure.Value)}</b>");
        if (figure is { Low: { } low, High: { } high })
        {
            html.Add($"<small>{column.Format(low)} – {column.Format(high)}</small>");
        }

        if (figure.PValue is { } p)
        {
            html.Add($"<small>p {(p < 0.001 ? "< 0.001" : FormattableString.Invariant($"{p:0.000}"))}</small>");
        }

        html.AddVerbatim("</td>");
    }
}
