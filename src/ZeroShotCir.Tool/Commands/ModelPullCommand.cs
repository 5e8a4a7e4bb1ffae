using System.CommandLine;
using Spectre.Console;
using ZeroShotCir.Onnx.Hub;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir model pull</c>: a model of a hub, in the cache that Python shares.</summary>
internal sealed class ModelPullCommand : ToolCommand
{
    private readonly Argument<string> _repository = new("OWNER/NAME") { Description = "The repository on the hub (HF_ENDPOINT, else huggingface.co)." };
    private readonly Option<string> _revision = new("--revision") { Description = "A branch, a tag or a commit.", HelpName = "NAME", DefaultValueFactory = _ => "main" };
    private readonly Option<string?> _variant = new("--variant")
    {
        Description = "Which variant of the graphs; without it, the most faithful one that is published.",
        HelpName = string.Join('|', ModelPrecision.All),
    };

    public ModelPullCommand()
        : base("pull", "Download the files of a model that are needed, or find them in the cache.", "cir model pull Xenova/clip-vit-base-patch32 --variant q8")
    {
        _variant.AcceptOnlyFromAmong([.. ModelPrecision.All.Select(precision => precision.Name)]);
        Add(_repository);
        Add(_revision);
        Add(_variant);
    }

    public override bool KeepsWork => true;

    public override async Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        ModelRequest request = new(arguments.GetRequiredValue(_repository))
        {
            Revision = arguments.GetRequiredValue(_revision),
            Precision = arguments.GetValue(_variant) is { } name ? ModelPrecision.Parse(name) : null,
        };
        using ModelHub hub = new();
        ModelDownload model = await terminal.TrackAsync(
            request.Repository, DownloadPercent.Whole, bar => DownloadAsync(hub, request, new DownloadPercent(bar), cancellationToken));
        string downloaded = model.DownloadedBytes == 0 ? "all in the cache" : FormattableString.Invariant($"{model.DownloadedBytes:N0} bytes downloaded");
        terminal.Out.MarkupLineInterpolated($"[bold]{request.Repository}[/] at {model.Commit[..12]}: {model.Files.Count} files, {downloaded}");
        terminal.Out.WriteLine(model.Folder);
        return ToolResult.From(
            new PullDocument(request.Repository, request.Revision, model.Commit, model.Folder, model.Files, model.DownloadedBytes), json => json.PullDocument);
    }

    private static async Task<ModelDownload> DownloadAsync(ModelHub hub, ModelRequest request, DownloadPercent percent, CancellationToken cancellationToken)
    {
        try
        {
            return await hub.DownloadAsync(request, percent, cancellationToken);
        }
        catch (ArgumentException e)
        {
            throw new BadUsageException(Messages.Describe(e));
        }
    }
}
