using System.CommandLine;
using System.Diagnostics;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir gallery push</c>: brings a store up to date with a gallery folder; goes on where it stopped, and refolds for another β.</summary>
internal sealed class GalleryPushCommand : ToolCommand
{
    private readonly Argument<DirectoryInfo> _folder = ToolOptions.Gallery("The gallery, or its folder of pictures.");
    private readonly Option<double?> _beta = ToolOptions.OptionalWeight(
        "--beta", "How much captions count. Another weight than the store's is written beside the rows that are served, until it is whole.");

    private readonly Option<bool> _rowsOnly = new("--rows-only")
    {
        Description = "Store the folded rows alone, at a third of the bytes: row-wise strategies and other weights are refused then.",
    };

    private readonly StoreOptions _store;

    public GalleryPushCommand()
        : base("push", "Bring a store up to date with a gallery folder.", "cir gallery push gallery --to redis://localhost/photos")
    {
        Add(_folder);
        _store = new StoreOptions(this, "--to", isRequired: true);
        Add(_beta);
        Add(_rowsOnly);
    }

    public override bool KeepsWork => true;

    public override async Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        Stopwatch clock = Stopwatch.StartNew();
        StorePushOptions options = new() { KeepParts = !arguments.GetValue(_rowsOnly), Beta = arguments.GetValue(_beta) };
        Gallery gallery = Gallery.Open(arguments.GetRequiredValue(_folder).FullName);
        IGalleryStore store = await _store.OpenAsync(arguments);
        await using IAsyncDisposable disposable = (IAsyncDisposable)store;
        StorePushResult pushed = await terminal.TrackAsync(
            "images", gallery.Count, progress => new StorePush(gallery, options).RunAsync(store, new Counted(progress), cancellationToken));
        string refolded = pushed.IsRefolded ? FormattableString.Invariant($", refolded for β = {pushed.Description.Beta}") : "";
        string done = FormattableString.Invariant($"{pushed.Written:N0} images written, {pushed.Unchanged:N0} there already, {pushed.Deleted:N0} deleted");
        terminal.Out.MarkupLineInterpolated($"{done}: {store.Name} holds {gallery.Count:N0}{refolded}");
        PushDocument document = new(
            store.Name,
            pushed.Written,
            pushed.Unchanged,
            pushed.Deleted,
            pushed.IsRefolded,
            pushed.Description.Beta,
            gallery.Count,
            clock.Elapsed.TotalSeconds);
        return ToolResult.From(document, json => json.PushDocument);
    }

    private sealed class Counted(IProgress<int> progress) : IProgress<StorePushProgress>
    {
        public void Report(StorePushProgress value) => progress.Report((int)value.Done);
    }
}
