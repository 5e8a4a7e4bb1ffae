using System.CommandLine;
using ZeroShotCir.Errors;
using ZeroShotCir.Galleries;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Places;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir gallery list</c>: the galleries that lie where the tool puts them, or the pictures of one.</summary>
internal sealed class GalleryListCommand : ToolCommand
{
    private readonly Argument<string?> _folder = new("GALLERY") { Description = "A gallery, or its folder of pictures, to list the pictures of.", Arity = ArgumentArity.ZeroOrOne };

    public GalleryListCommand()
        : base("list", "List the galleries there are, or the pictures of one.", "cir gallery list\ncir gallery list photos") => Add(_folder);

    public override Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        GalleryListDocument document = arguments.GetValue(_folder) is { } given
            ? new GalleryListDocument(null, ListItems(GalleryPlace.Find(given), terminal))
            : new GalleryListDocument(ListGalleries(terminal), null);
        return Task.FromResult(ToolResult.From(document, json => json.GalleryListDocument));
    }

    private static ListedGallery[] ListGalleries(Terminal terminal)
    {
        ListedGallery[] galleries = [.. GalleryPlace.FindAll().Select(Describe)];
        foreach (ListedGallery gallery in galleries)
        {
            terminal.Out.MarkupLineInterpolated($"{gallery.Folder}  {gallery.Count:N0} images of {(gallery.Error ?? string.Join(", ", gallery.Pictures))}");
        }

        if (galleries.Length == 0)
        {
            terminal.Note($"there is no gallery in '{ToolFolders.Galleries}'; 'cir index PHOTOS' makes one");
        }

        return galleries;
    }

    // One damaged gallery does not hide the others.
    private static ListedGallery Describe(DirectoryInfo folder)
    {
        try
        {
            Gallery gallery = Gallery.Open(folder.FullName);
            return new ListedGallery(folder.FullName, gallery.Count, [.. gallery.Roots.Select(root => root.Path)], null);
        }
        catch (ZeroShotCirException e)
        {
            return new ListedGallery(folder.FullName, 0, [], e.Message);
        }
    }

    private static ListedItem[] ListItems(DirectoryInfo folder, Terminal terminal)
    {
        Gallery gallery = Gallery.Open(folder.FullName);
        ListedItem[] items = [.. Enumerable.Range(0, gallery.OrdinalCount).Where(ordinal => !gallery.IsRemoved(ordinal)).Select(ordinal => gallery.ItemAt(ordinal))
            .Select(item => new ListedItem(item.Id, gallery.FileOf(item.Ordinal), item.Captions)).OrderBy(item => item.Id, StringComparer.Ordinal)];
        foreach (ListedItem item in items)
        {
            terminal.Out.Profile.Out.Writer.WriteLine(Terminal.Plain(item.Id));
        }

        return items;
    }
}
