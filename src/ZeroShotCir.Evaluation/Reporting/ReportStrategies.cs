namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>Writes the strategies of a report, kind by kind.</summary>
internal static class ReportStrategies
{
    public static void Write(HtmlWriter html, IReadOnlyList<StrategySection> sections)
    {
        if (sections.Count == 0)
        {
            return;
        }

        html.AddVerbatim("<section id=\"strategies\"><h2>Strategies</h2>");
        html.AddVerbatim("<p class=\"note\">Every strategy of the library on every kind of query of the album, and of each kind a few queries. ");
        html.AddVerbatim("A framed picture is a right answer; one marked ✗ looks right and is not.</p>");
        foreach (StrategySection section in sections)
        {
            ReportTables.WriteTable(html, section.Table);
            foreach (ShownQuery query in section.Queries)
            {
                WriteQuery(html, query);
            }
        }

        html.AddVerbatim("</section>");
    }

    private static void WriteQuery(HtmlWriter html, ShownQuery query)
    {
        html.AddVerbatim("<div class=\"query\"><div class=\"ask\">");
        foreach (AlbumPicture reference in query.References)
        {
            WritePicture(html, reference);
        }

        html.Add($"<p>{query.Text}");
        foreach (string detail in query.Details)
        {
            html.Add($"<br><small>{detail}</small>");
        }

        html.AddVerbatim("</p></div><ol class=\"strip\">");
        foreach (AlbumPicture hit in query.Hits)
        {
            html.Add($"<li class=\"{(hit.IsAnswer ? "target" : "")}\" title=\"{hit.Name}\">");
            WritePicture(html, hit);
            html.AddVerbatim(hit.IsNegative ? "<small>✗</small></li>" : "</li>");
        }

        html.AddVerbatim("</ol></div>");
    }

    /// <summary>Writes a picture, or its name where there is nothing to show.</summary>
    public static void WritePicture(HtmlWriter html, AlbumPicture picture)
    {
        if (picture.Thumbnail.IsEmpty)
        {
            html.Add($"<span class=\"pic none\">{picture.Name}</span>");
        }
        else
        {
            html.Add($"<img class=\"pic\" alt=\"{picture.Name}\" src=\"data:image/jpeg;base64,{Convert.ToBase64String(picture.Thumbnail.Span)}\">");
        }
    }
}
