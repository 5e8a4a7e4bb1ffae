using System.CommandLine;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Places;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir gallery remove</c>: takes pictures out of a gallery; their files stay where they are.</summary>
internal sealed class GalleryRemoveCommand : ToolCommand
{
    private readonly Argument<string> _folder = new("GALLERY") { Description = "The gallery, or its folder of pictures." };
    private readonly Argument<string[]> _ids = ToolOptions.Files("ID", "The ids of the pictures.");

    public GalleryRemoveCommand()
        : base(
            "remove",
            "Take pictures out of a gallery. Their files stay, and the next 'cir index' brings back those that its folders hold.",
            "cir gallery remove photos 2019/IMG_0001.jpg")
    {
        Add(_folder);
        Add(_ids);
    }

    public override Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = GalleryPlace.Find(arguments.GetRequiredValue(_folder));
        Gallery gallery = Gallery.Open(folder.FullName);

        // All are looked up before the first one goes.
        string[] ids = [.. arguments.GetRequiredValue(_ids).Select(id => gallery.IdOf(gallery.OrdinalOf(id))).Distinct(StringComparer.Ordinal)];
        using GalleryWriter writer = GalleryWriter.Open(folder.FullName, gallery.Model!);
        foreach (string id in ids)
        {
            writer.Remove(id);
        }

        writer.Commit();
        terminal.Out.MarkupLineInterpolated($"{ids.Length:N0} removed, {writer.Count:N0} images in '{folder.FullName}'");
        if (gallery.Roots.Count > 0)
        {
            terminal.Note("the files are where they were, so the next 'cir index' takes them in again; --exclude leaves them out");
        }

        return Task.FromResult(ToolResult.From(new RemoveDocument(folder.FullName, ids, writer.Count), json => json.RemoveDocument));
    }
}
