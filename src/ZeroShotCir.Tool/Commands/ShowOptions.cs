using System.CommandLine;
using ZeroShotCir.Galleries;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Outcomes;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary>The options that say how found pictures are shown.</summary>
internal sealed class ShowOptions
{
    private readonly Option<FileInfo?> _html = new("--html")
    {
        Description = "Also write a page of the pictures that were found: one file, which makes no requests.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _open = new("--open") { Description = "Show that page in the browser." };
    private readonly Option<string> _thumbnails = new("--thumbnails")
    {
        Description = "How small pictures are drawn in the terminal: by what it is known to understand, one of the ways, or not at all.",
        HelpName = string.Join('|', TerminalPictures.Ways),
        DefaultValueFactory = _ => TerminalPictures.Automatic,
    };

    public ShowOptions(ToolCommand command)
    {
        _thumbnails.AcceptOnlyFromAmong([.. TerminalPictures.Ways]);
        command.Add(_html);
        command.Add(_open);
        command.Add(_thumbnails);
    }

    public void Show(ParseResult arguments, Terminal terminal, SearchedQuery query, IReadOnlyList<FoundImage> hits, Gallery gallery, IReadOnlyList<ImageData> references)
    {
        SearchScreen.Hits(terminal, hits, terminal.IsPiped ? null : TerminalPictures.Create(arguments.GetValue(_thumbnails)!, () => PictureDecoders.Default));
        bool opens = arguments.GetValue(_open);
        string? file = arguments.GetValue(_html)?.FullName ?? (opens ? Path.Combine(Directory.CreateTempSubdirectory("cir-search-").FullName, "search.html") : null);
        if (file is null)
        {
            return;
        }

        Dictionary<string, IReadOnlyList<string>> captions = hits.ToDictionary(
            hit => hit.Id, hit => gallery.TryGetOrdinal(hit.Id, out int ordinal) ? gallery.ItemAt(ordinal).Captions : [], StringComparer.Ordinal);
        File.WriteAllText(file, SearchPage.Write(query, hits, captions, references, new SkiaImageShrinker(PictureDecoders.Default, quality: 85)));
        if (opens)
        {
            Browser.Open(file);
        }

        terminal.Note($"the page is in '{file}'");
    }
}
