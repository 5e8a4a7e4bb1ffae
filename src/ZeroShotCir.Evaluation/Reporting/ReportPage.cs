using System.Reflection;
using System.Text;
using System.Text.Json;
using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>A report as one HTML file that needs nothing else: style, script and pictures are inside.</summary>
internal static class ReportPage
{
    public static void Write(Report report, FileInfo file)
    {
        file.Directory?.Create();
        File.WriteAllText(file.FullName, Render(report), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    public static string Render(Report report)
    {
        HtmlWriter html = new();
        html.AddVerbatim("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.AddVerbatim("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">");
        html.Add($"<title>{report.Title}</title><style>").AddVerbatim(Resource("report.css")).AddVerbatim("</style></head><body>");
        html.AddVerbatim("<a class=\"skip\" href=\"#content\">Skip to the results</a>");
        html.Add($"<header><div class=\"bar\"><span class=\"brand\">cir</span><nav aria-label=\"Sections\">");
        foreach ((string id, string name) in Sections(report))
        {
            html.Add($"<a href=\"#{id}\">{name}</a>");
        }

        html.AddVerbatim("</nav><button id=\"theme\" type=\"button\" aria-label=\"Switch between light and dark\">◐</button></div>");
        html.Add($"<h1>{report.Title}</h1><p class=\"summary\">{report.Summary}</p></header><main id=\"content\">");
        ReportTables.Write(html, report);
        WriteHeatmaps(html, report.Heatmaps);
        ReportTables.WritePublished(html, report.Published);
        WriteBrowser(html, report.Queries);
        ReportAlbum.Write(html, report.Album);
        ReportStrategies.Write(html, report.Strategies);
        WriteManifest(html, report.Manifest);
        html.AddVerbatim("</main><script>").AddVerbatim(Resource("report.js")).AddVerbatim("</script></body></html>\n");
        return html.ToString();
    }

    private static IEnumerable<(string Id, string Name)> Sections(Report report)
    {
        yield return ("results", "Results");
        if (report.Heatmaps.Count > 0)
        {
            yield return ("sweep", "α × β");
        }

        if (report.Published.Count > 0)
        {
            yield return ("published", "Published");
        }

        if (report.Queries is not null)
        {
            yield return ("queries", "Queries");
        }

        if (report.Album is not null)
        {
            yield return ("album", "Album");
        }

        if (report.Strategies.Count > 0)
        {
            yield return ("strategies", "Strategies");
        }

        yield return ("manifest", "Run");
    }

    private static void WriteHeatmaps(HtmlWriter html, IReadOnlyList<Heatmap> maps)
    {
        if (maps.Count == 0)
        {
            return;
        }

        html.AddVerbatim("<section id=\"sweep\"><h2>α × β</h2><div class=\"maps\">");
        foreach (Heatmap map in maps)
        {
            html.Add($"<figure><figcaption>{map.Title}</figcaption>");
            HeatmapSvg.Write(html, map);
            html.AddVerbatim("</figure>");
        }

        html.AddVerbatim("</div></section>");
    }

    private static void WriteBrowser(HtmlWriter html, QueryBrowser? browser)
    {
        if (browser is null)
        {
            return;
        }

        html.AddVerbatim("<section id=\"queries\"><h2>Queries</h2>").AddVerbatim(Resource("browser.html"));
        html.AddVerbatim("<script type=\"application/json\" id=\"data\">").AddVerbatim(Json(browser)).AddVerbatim("</script></section>");
    }

    private static void WriteManifest(HtmlWriter html, IReadOnlyList<ManifestGroup> groups)
    {
        html.AddVerbatim("<section id=\"manifest\"><h2>This run</h2><p class=\"note\">What one needs to get these figures again.</p>");
        ReportFacts.Write(html, groups);
        html.AddVerbatim("</section>");
    }

    // Pictures are numbered, so that each is stored once however often it was found.
    private static string Json(QueryBrowser browser)
    {
        GalleryImage[] images = [.. browser.Pictures.Keys.OrderBy(image => image.Name, StringComparer.Ordinal)];
        Dictionary<GalleryImage, int> numbers = images.Select((image, number) => (image, number)).ToDictionary(pair => pair.image, pair => pair.number);
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            WriteStrings(json, "settings", browser.Settings);
            json.WriteNumber("total", browser.Total);
            WriteStrings(json, "names", images.Select(image => image.Name));
            json.WriteStartArray("pictures");
            foreach (GalleryImage image in images)
            {
                json.WriteBase64StringValue(browser.Pictures[image].Span);
            }

            json.WriteEndArray();
            json.WriteStartArray("queries");
            foreach (BrowsedQuery query in browser.Queries)
            {
                WriteQuery(json, query, numbers);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteQuery(Utf8JsonWriter json, BrowsedQuery query, Dictionary<GalleryImage, int> numbers)
    {
        json.WriteStartObject();
        json.WriteString("group", query.Group);
        json.WriteNumber("reference", numbers[query.Reference]);
        json.WriteString("text", query.Text);
        WriteNumbers(json, "targets", query.Targets.Select(image => numbers[image]));
        json.WriteStartArray("rankings");
        foreach (BrowsedRanking ranking in query.Rankings)
        {
            json.WriteStartObject();
            json.WriteNumber("rank", ranking.TargetRank);
            WriteNumbers(json, "hits", ranking.Hits.Select(image => numbers[image]));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<int> values)
    {
        json.WriteStartArray(name);
        foreach (int value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    private static string Resource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
