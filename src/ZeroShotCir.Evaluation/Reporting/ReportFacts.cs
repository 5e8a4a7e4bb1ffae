namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>Writes groups of facts.</summary>
internal static class ReportFacts
{
    public static void Write(HtmlWriter html, IReadOnlyList<ManifestGroup> groups)
    {
        html.AddVerbatim("<div class=\"facts\">");
        foreach (ManifestGroup group in groups)
        {
            html.Add($"<div><h3>{group.Name}</h3><dl>");
            foreach ((string name, string value) in group.Facts)
            {
                html.Add($"<dt>{name}</dt><dd>{value}</dd>");
            }

            html.AddVerbatim("</dl></div>");
        }

        html.AddVerbatim("</div>");
    }
}
