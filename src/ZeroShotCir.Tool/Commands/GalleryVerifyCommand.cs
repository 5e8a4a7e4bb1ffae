using System.CommandLine;
using System.Diagnostics;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir gallery verify</c>: reads every byte of a gallery folder and checks it.</summary>
internal sealed class GalleryVerifyCommand : ToolCommand
{
    private readonly Argument<DirectoryInfo> _folder = new("DIR") { Description = "The gallery folder." };

    public GalleryVerifyCommand()
        : base("verify", "Read every byte of a gallery folder and check it against its checksums.", "cir gallery verify gallery") => Add(_folder);

    public override Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = arguments.GetRequiredValue(_folder);
        Stopwatch clock = Stopwatch.StartNew();
        GalleryVerification found = GalleryVerifier.Verify(folder.FullName, cancellationToken: cancellationToken);
        VerifyDocument document = new(found.Items, found.Files, found.Bytes, found.Problems, clock.Elapsed.TotalSeconds);
        if (found.IsValid)
        {
            terminal.Out.MarkupLineInterpolated($"{found.Items:N0} images, {found.Bytes:N0} bytes in {found.Files} files: [green]valid[/]");
            return Task.FromResult(ToolResult.Of(document, ToolJson.Default.VerifyDocument));
        }

        const int MaxLines = 20;
        foreach (string problem in found.Problems.Take(MaxLines).Skip(1))
        {
            terminal.Warn(problem);
        }

        string more = found.Problems.Count > 1 ? $" ({found.Problems.Count - 1} more: --json lists them)" : "";
        string message = found.Problems[0] + more;
        terminal.Fail(message);
        ErrorDocument error = new(nameof(InvalidGalleryException), message);
        return Task.FromResult(ToolResult.Of(document with { Error = error }, ToolJson.Default.VerifyDocument, ExitCode.Failed));
    }
}
