using System.CommandLine;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir gallery info</c>: what a gallery folder holds.</summary>
internal sealed class GalleryInfoCommand : ToolCommand
{
    private readonly Argument<DirectoryInfo> _folder = ToolOptions.Gallery("The gallery, or its folder of pictures.");

    public GalleryInfoCommand()
        : base("info", "Tell what a gallery folder holds.", "cir gallery info gallery") => Add(_folder);

    public override Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = arguments.GetRequiredValue(_folder);
        Gallery gallery = Gallery.Open(folder.FullName);
        if (gallery.Warning is { } warning)
        {
            terminal.Warn(warning);
        }

        GalleryDocument document = GalleryDocument.From(gallery, folder);
        string removed = document.Removed > 0 ? FormattableString.Invariant($" ({document.Removed:N0} removed ones are still on the disk)") : "";
        string size = FormattableString.Invariant($"{document.Captions:N0} captions, {document.Bytes:N0} bytes in {document.Files} files");
        terminal.Out.MarkupLineInterpolated($"[bold]{document.Count:N0}[/] images of {document.Dimensions} dimensions{removed}, {size}");
        terminal.Out.MarkupLineInterpolated($"[grey]model[/] {document.ImageModel}");
        foreach (GalleryRoot root in gallery.Roots)
        {
            string name = root.Name.Length > 0 ? $"{root.Name} = " : "", missing = Directory.Exists(root.Path) ? "" : ", which is not there";
            terminal.Out.MarkupLineInterpolated($"[grey]folder[/] {name}{root.Path}{missing}");
        }

        return Task.FromResult(ToolResult.From(document, json => json.GalleryDocument));
    }
}
