namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>Writes the album of a report.</summary>
internal static class ReportAlbum
{
    public static void Write(HtmlWriter html, AlbumSection? album)
    {
        if (album is null)
        {
            return;
        }

        html.AddVerbatim("<section id=\"album\"><h2>As a person's picture folder</h2>");
        html.AddVerbatim("<p class=\"note\">The same garments in many sizes and formats, turned by their EXIF, under odd names, beside broken files.</p>");
        html.AddVerbatim("<div class=\"query\"><div class=\"ask\">");
        ReportStrategies.WritePicture(html, album.Reference);
        html.Add($"<p>{album.Text}<br><small>{album.Reference.Name}</small></p></div><ol class=\"strip\">");
        foreach (AlbumPicture hit in album.Hits)
        {
            html.Add($"<li class=\"{(hit.IsAnswer ? "target" : "")}\" title=\"{hit.Name}\">");
            ReportStrategies.WritePicture(html, hit);
            html.AddVerbatim("</li>");
        }

        html.AddVerbatim("</ol></div>");
        ReportFacts.Write(html, album.Facts);
        html.AddVerbatim("</section>");
    }
}
