using ZeroShotCir.Evaluation.Reporting;
using ZeroShotCir.Imaging;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Documents;

/// <summary>The page of <c>cir search --html</c>: the pictures that were found, small, in one file that makes no requests.</summary>
internal static class SearchPage
{
    private const int Edge = 320;
    private const string Style = """
        :root { color-scheme: light dark; font: 16px/1.45 system-ui, sans-serif; }
        body { margin: 1rem 1.25rem; background: light-dark(#f7f8fa, #14161a); color: light-dark(#1a1c20, #e6e8ec); }
        h1 { font-size: 1.3rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
        p { margin: 0; }
        .quiet { color: light-dark(#565b66, #a5abb8); font-size: .875rem; overflow-wrap: anywhere; }
        ol, .references { list-style: none; margin: 1rem 0 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(13rem, 44vw), 1fr)); gap: 1rem; }
        .references { grid-template-columns: repeat(auto-fill, 8rem); }
        li, figure { margin: 0; padding: .6rem; background: light-dark(#fff, #1e2127); border-radius: .5rem; min-width: 0; }
        img { width: 100%; aspect-ratio: 1; object-fit: contain; display: block; background: light-dark(#e3e6eb, #2e323a); border-radius: .3rem; }
        a { color: inherit; }
        strong { font-variant-numeric: tabular-nums; float: right; }
        """;

    public static string Write(
        SearchedQuery query,
        IReadOnlyList<FoundImage> hits,
        IReadOnlyDictionary<string, IReadOnlyList<string>> captions,
        IReadOnlyList<ImageData> references,
        IImageShrinker shrinker)
    {
        HtmlWriter page = new();
        string title = query.Text ?? (query.MustHave.Count > 0 ? string.Join(", ", query.MustHave) : "Pictures that are alike");
        page.Add($"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title><style>")
            .AddVerbatim(Style).Add($"</style><main><h1>{title}</h1>")
            .Add($"<p class=\"quiet\">{hits.Count} of {query.Images:N0} pictures of {query.Gallery}, {query.Fusion}, β {query.Beta}</p>");
        if (references.Count > 0)
        {
            page.Add($"<div class=\"references\">");
            foreach (ImageData reference in references)
            {
                page.Add($"<figure><img src=\"{Embedded(reference, shrinker)}\" alt=\"The reference\"></figure>");
            }

            page.Add($"</div>");
        }

        page.Add($"<ol>");
        foreach (FoundImage hit in hits)
        {
            string caption = captions.TryGetValue(hit.Id, out IReadOnlyList<string>? own) && own.Count > 0 ? own[0] : "";
            string? picture = hit.File is { } file ? Read(file, shrinker) : null;
            string link = hit.File is { } target ? new Uri(Path.GetFullPath(target)).AbsoluteUri : "#";
            page.Add($"<li><a href=\"{link}\"><img src=\"{picture ?? "data:,"}\" alt=\"{(caption.Length > 0 ? caption : hit.Id)}\"></a>")
                .Add($"<p><strong>{hit.Score:0.000}</strong>{hit.Rank}. {hit.Id}</p><p class=\"quiet\">{caption}</p>");
            foreach (FoundCopy copy in hit.Copies)
            {
                page.Add($"<p class=\"quiet\">= {copy.Id}</p>");
            }

            page.Add($"</li>");
        }

        return page.Add($"</ol></main></html>").ToString();
    }

    // What is found is worth showing, also where its file is gone.
    private static string? Read(string file, IImageShrinker shrinker)
    {
        try
        {
            return Embedded(ImageData.FromFile(file), shrinker);
        }
        catch (InvalidImageException)
        {
            return null;
        }
    }

    private static string Embedded(ImageData image, IImageShrinker shrinker)
    {
        ImageData small = shrinker.Shrink(image, Edge);
        return $"data:{small.MediaType};base64,{Convert.ToBase64String(small.Data.Span)}";
    }
}
