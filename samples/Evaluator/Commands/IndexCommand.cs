using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using ZeroShotCir.Captions;
using ZeroShotCir.Evaluator.CommandLine;
using ZeroShotCir.Evaluator.Input;
using ZeroShotCir.Evaluator.Output;
using ZeroShotCir.Galleries;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Evaluator.Commands;

/// <summary><c>cir index</c>: brings a gallery folder up to date with a folder of pictures; goes on where it stopped.</summary>
internal sealed class IndexCommand : ToolCommand
{
    private const string CaptionFileName = "captions.jsonl";
    private readonly ModelOptions _model;
    private readonly Option<DirectoryInfo> _images = new("--images") { Description = "Index the pictures of this folder and its subfolders.", HelpName = "DIR", Required = true };
    private readonly Option<DirectoryInfo> _out = new("--out") { Description = "The gallery folder. Pictures it already has are not encoded again.", HelpName = "GALLERY", Required = true };
    private readonly Option<bool> _prune = new("--prune") { Description = "Remove pictures from the gallery that the folder does not hold any more." };
    private readonly Option<FileInfo?> _captions = new("--captions")
    {
        Description = "Captions of the pictures: [{\"candidate\", \"captions\": [...]}], or JSON Lines of {\"id\", \"captions\"}.",
        HelpName = "FILE",
    };

    private readonly Option<string> _ids = ToolOptions.Ids();
    private readonly CaptionerOptions _captioner;

    public IndexCommand()
        : base("index", "Make a gallery of a folder of pictures, or bring it up to date.", "cir index --model models/clip --images photos --out gallery")
    {
        _model = new ModelOptions(this);
        Add(_images);
        Add(_out);
        Add(_prune);
        Add(_ids);
        Add(_captions);
        _captioner = new CaptionerOptions(this, isRequired: false, _model.Pictures);
        Validators.Add(result =>
        {
            if (result.GetValue(_captions) is not null && result.Children.Any(child => child is System.CommandLine.Parsing.OptionResult { Option.Name: "--captioner" }))
            {
                result.AddError("'cir index' takes either --captions or --captioner.");
            }
        });
    }

    public override bool KeepsWork => true;

    public override async Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        Stopwatch clock = Stopwatch.StartNew();
        DirectoryInfo gallery = arguments.GetRequiredValue(_out);
        IReadOnlyList<(string Id, string Path)> images = ImageFiles.In(arguments.GetRequiredValue(_images), named: arguments.GetValue(_ids) == "name");
        using ChosenCaptioner? captioner = _captioner.Open(arguments);
        IReadOnlyDictionary<string, IReadOnlyList<string>>? captions = arguments.GetValue(_captions) is { } file ? ReadCaptions(file, images) : null;
        OnnxModelFolder model = _model.Open(arguments);
        using OnnxImageEncoder imageEncoder = model.CreateImageEncoder(new SkiaImageDecoder());
        using OnnxTextEncoder textEncoder = model.CreateTextEncoder();

        // Refuses a gallery of another model before any captioner is paid.
        using (GalleryWriter.Open(gallery.FullName, GalleryModel.Of(imageEncoder, textEncoder)))
        {
            _model.Remember(arguments).Write(gallery);
        }

        CaptionDocument? captioned = null;
        if (captioner is not null)
        {
            CaptionOptions asked = _captioner.Asked(arguments);
            using CaptionStore store = CaptionStore.Open(Path.Combine(gallery.FullName, CaptionFileName));
            CaptionRunResult run = await captioner.RunAsync(store, images, asked, terminal, cancellationToken);
            captioned = CaptionDocument.Of(captioner.Id, run, 0, TokenDocument.Of(captioner.Usage), clock.Elapsed.TotalSeconds);
            captions = store.CaptionsOf(captioner.KeyOf(asked));
        }

        GallerySource[] sources =
        [
            .. images.Select(image => new GallerySource(image.Id, image.Path)
            {
                Captions = captions?.GetValueOrDefault(image.Id),
                Metadata = new Dictionary<string, string> { ["file"] = image.Path },
            }),
        ];
        GalleryBuilder builder = new(imageEncoder, textEncoder, new GalleryBuilderOptions { RemoveMissing = arguments.GetValue(_prune) });
        GalleryBuildResult built = await terminal.TrackAsync("pictures", images.Count, progress => builder.BuildAsync(gallery.FullName, sources, progress, cancellationToken));
        return Report(terminal, gallery, built, captioned, clock.Elapsed.TotalSeconds);
    }

    private static IReadOnlyDictionary<string, IReadOnlyList<string>> ReadCaptions(FileInfo file, IReadOnlyList<(string Id, string Path)> images)
    {
        IReadOnlyDictionary<string, IReadOnlyList<string>> captions = CaptionFile.Read(file.ToString());
        return images.Any(image => captions.ContainsKey(image.Id))
            ? captions
            : throw new InvalidDataException(
                $"The caption file '{file}' has captions of none of the pictures: it names '{captions.Keys.FirstOrDefault()}', the first picture is called '{images[0].Id}'. See --ids.");
    }

    private static ToolResult Report(Terminal terminal, DirectoryInfo gallery, GalleryBuildResult built, CaptionDocument? captioned, double seconds)
    {
        IndexDocument document = new(
            built.Added, built.Replaced, built.Unchanged, built.Removed, [.. built.Failed.Select(failed => new FailedFile(failed.Key, failed.Value.Message))], built.Count, captioned, seconds);
        HashSet<string> unusable = [.. document.Failed.Select(failed => failed.File)];
        FailedFile[] uncaptioned = [.. captioned?.Failed.Where(failed => !unusable.Contains(failed.File)) ?? []];
        foreach (FailedFile failed in document.Failed.Concat(uncaptioned))
        {
            terminal.Warn($"{failed.File}: {failed.Error}");
        }

        if (built.Added + built.Unchanged == 0)
        {
            return terminal.NothingLeft(built.Failed.Count, error => ToolResult.Of(document with { Error = error }, ToolJson.Default.IndexDocument, ExitCode.Failed));
        }

        string without = uncaptioned.Length > 0 ? FormattableString.Invariant($", {uncaptioned.Length:N0} have no captions") : "";
        terminal.Out.MarkupLineInterpolated($"[bold]{built.Count:N0}[/] images in '{gallery}': {built.Added:N0} added{(built.Replaced > 0 ? FormattableString.Invariant($" ({built.Replaced:N0} in place of others)") : "")}, {built.Unchanged:N0} unchanged, {built.Removed:N0} removed{Terminal.Failures(built.Failed.Count)}{without}, {seconds:0.0} s");
        if (captioned is not { NotTried: > 0 })
        {
            return ToolResult.Of(document, ToolJson.Default.IndexDocument);
        }

        string message = $"Gave up captioning after too many failures in a row; {captioned.NotTried:N0} pictures have no captions. Run the same command again to caption them. {captioned.Failed[^1].Error}";
        terminal.Fail(message);
        return ToolResult.Of(document with { Error = new ErrorDocument("CaptionRunFailed", message) }, ToolJson.Default.IndexDocument, ExitCode.Failed);
    }
}
