using System.CommandLine;
using System.Diagnostics;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir gallery verify</c>: reads every byte of a gallery folder and checks it.</summary>
internal sealed class GalleryVerifyCommand : ToolCommand
{
    private readonly Argument<DirectoryInfo> _folder = ToolOptions.Gallery("The gallery, or its folder of pictures.");

    private readonly Option<int> _sample = ToolOptions.Count("--sample", 100, "How many images are searched for in the store by their own rows.");
    private readonly StoreOptions _store;

    public GalleryVerifyCommand()
        : base("verify", "Read every byte of a gallery folder and check it against its checksums, or check a store against it.", "cir gallery verify gallery")
    {
        Add(_folder);
        _store = new StoreOptions(this, "--store", isRequired: false);
        Add(_sample);
    }

    public override async Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = arguments.GetRequiredValue(_folder);
        Stopwatch clock = Stopwatch.StartNew();
        if (_store.IsGiven(arguments))
        {
            return await VerifyStoreAsync(arguments, terminal, Gallery.Open(folder.FullName), clock, cancellationToken);
        }

        GalleryVerification found = GalleryVerifier.Verify(folder.FullName, cancellationToken: cancellationToken);
        VerifyDocument document = new(found.Items, found.Files, found.Bytes, found.Problems, clock.Elapsed.TotalSeconds);
        if (found.IsValid)
        {
            terminal.Out.MarkupLineInterpolated($"{found.Items:N0} images, {found.Bytes:N0} bytes in {found.Files} files: [green]valid[/]");
            return ToolResult.From(document, json => json.VerifyDocument);
        }

        return ToolResult.From(document with { Error = Fail(terminal, found.Problems) }, json => json.VerifyDocument, ExitCode.Failed);
    }

    private async Task<ToolResult> VerifyStoreAsync(ParseResult arguments, Terminal terminal, Gallery gallery, Stopwatch clock, CancellationToken cancellationToken)
    {
        IGalleryStore store = await _store.OpenAsync(arguments);
        await using IAsyncDisposable disposable = (IAsyncDisposable)store;
        StoreVerification found = await new StoreVerifier(gallery).VerifyAsync(store, arguments.GetValue(_sample), cancellationToken);
        StoreVerifyDocument document = new(store.Name, found.Rows, found.Compared, found.Searched, found.Found, found.Problems, clock.Elapsed.TotalSeconds);
        if (found.IsValid)
        {
            string compared = FormattableString.Invariant($"{found.Compared:N0} digests compared, {found.Found} of {found.Searched} found by their own rows");
            terminal.Out.MarkupLineInterpolated($"{found.Rows:N0} images in {store.Name}, {compared}: [green]valid[/]");
            return ToolResult.From(document, json => json.StoreVerifyDocument);
        }

        return ToolResult.From(document with { Error = Fail(terminal, found.Problems) }, json => json.StoreVerifyDocument, ExitCode.Failed);
    }

    private static ErrorDocument Fail(Terminal terminal, IReadOnlyList<string> problems)
    {
        const int MaxLines = 20;
        foreach (string problem in problems.Take(MaxLines).Skip(1))
        {
            terminal.Warn(problem);
        }

        string more = problems.Count > 1 ? $" ({problems.Count - 1} more: --json lists them)" : "";
        string message = problems[0] + more;
        terminal.Fail(message);
        return new ErrorDocument(nameof(InvalidGalleryException), message);
    }
}
