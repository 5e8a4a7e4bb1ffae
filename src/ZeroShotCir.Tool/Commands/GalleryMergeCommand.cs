using System.CommandLine;
using System.Diagnostics;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Places;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir gallery merge</c>: makes one gallery of the shards that <c>cir index --shard</c> made.</summary>
internal sealed class GalleryMergeCommand : ToolCommand
{
    private readonly Argument<DirectoryInfo> _folder = new("DIR") { Description = "The gallery folder, which has the shards below it." };

    public GalleryMergeCommand()
        : base("merge", "Make one gallery of its shards, in the order of the paths.", "cir gallery merge gallery") => Add(_folder);

    public override async Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = arguments.GetRequiredValue(_folder);
        Stopwatch clock = Stopwatch.StartNew();
        ShardedGallery shards = new(folder.FullName);
        Gallery gallery = await terminal.TrackAsync("images", 0, progress => Task.Run(() => shards.Merge(progress, cancellationToken), cancellationToken));
        IEnumerable<DirectoryInfo> parts = new DirectoryInfo(Path.Combine(folder.FullName, "shards")).EnumerateDirectories();
        if (parts.Select(IndexedModel.Read).FirstOrDefault(model => model is not null) is { } model)
        {
            model.Write(folder);
        }

        GalleryDocument document = GalleryDocument.From(gallery, folder);
        terminal.Out.MarkupLineInterpolated($"{document.Count:N0} images, {document.Bytes:N0} bytes in {document.Files} files, in {clock.Elapsed.TotalSeconds:N1} s");
        return ToolResult.From(document, json => json.GalleryDocument);
    }
}
