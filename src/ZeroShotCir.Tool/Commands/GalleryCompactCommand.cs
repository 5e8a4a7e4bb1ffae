using System.CommandLine;
using System.Diagnostics;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir gallery compact</c>: drops removed images from the disk and merges segments.</summary>
internal sealed class GalleryCompactCommand : ToolCommand
{
    private readonly Argument<DirectoryInfo> _folder = ToolOptions.Gallery("The gallery, or its folder of pictures.");

    public GalleryCompactCommand()
        : base("compact", "Drop removed images from the disk and merge segments.", "cir gallery compact gallery") => Add(_folder);

    public override Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = arguments.GetRequiredValue(_folder);
        Stopwatch clock = Stopwatch.StartNew();
        Gallery gallery = Gallery.Open(folder.FullName);
        GalleryDocument before = GalleryDocument.From(gallery, folder);
        using (GalleryWriter writer = GalleryWriter.Open(folder.FullName, gallery.Model!))
        {
            writer.Compact();
        }

        GalleryDocument after = GalleryDocument.From(Gallery.Open(folder.FullName), folder);
        terminal.Out.MarkupLineInterpolated($"{after.Count:N0} images, {before.Bytes:N0} bytes in {before.Files} files became {after.Bytes:N0} in {after.Files}");
        return Task.FromResult(ToolResult.From(new CompactDocument(before, after, clock.Elapsed.TotalSeconds), json => json.CompactDocument));
    }
}
