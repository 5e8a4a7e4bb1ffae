using System.CommandLine;
using System.Diagnostics;
using ZeroShotCir.Answers;
using ZeroShotCir.Captions;
using ZeroShotCir.Imaging;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Runs;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir caption</c>: captions of pictures, by a model folder or a chat model; goes on where it stopped.</summary>
internal sealed class CaptionCommand : ToolCommand
{
    private readonly Option<DirectoryInfo> _images = new("--images") { Description = "Caption the pictures of this folder and its subfolders.", HelpName = "DIR", Required = true };
    private readonly Option<FileInfo> _out = ToolOptions.OutFile("Where the captions go, one line of JSON per picture. What it already holds is not asked for again.");
    private readonly Option<string> _ids = ToolOptions.Ids();
    private readonly Option<FileInfo?> _import = new("--import")
    {
        Description = "First take over captions of this file, [{\"candidate\", \"captions\": [...]}] or JSON Lines, as if the captioner had written them.",
        HelpName = "FILE",
    };

    private readonly Option<FileInfo?> _export = new("--export") { Description = "Also write all captions as [{\"candidate\", \"captions\": [...]}].", HelpName = "FILE.json" };
    private readonly CaptionerOptions _captioner;
    private readonly PictureOptions _pictures;
    private readonly FolderOptions _files;

    public CaptionCommand()
        : base(
            "caption",
            "Write captions of pictures; run it again to go on where it stopped.",
            "cir caption --images photos --captioner openai:llava --endpoint http://localhost:11434/v1 --out captions.jsonl")
    {
        _captioner = new CaptionerOptions(this, isRequired: true, _pictures = new PictureOptions(this));
        Add(_images);
        Add(_out);
        Add(_ids);
        Add(_import);
        Add(_export);
        _files = new FolderOptions(this);
    }

    public override bool KeepsWork => true;

    public override async Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        Stopwatch clock = Stopwatch.StartNew();
        IReadOnlyList<(string Id, string Path)> images = ImageFiles.In(
            arguments.GetRequiredValue(_images), _files.Read(arguments), terminal, named: arguments.GetValue(_ids) == "name", cancellationToken).Pictures;
        CaptionOptions asked = _captioner.Asked(arguments);
        using ChosenCaptioner captioner = _captioner.Open(arguments)!;
        FileInfo file = arguments.GetRequiredValue(_out);
        file.Directory?.Create();
        using AnswerStore store = AnswerStore.Open(file.FullName);
        int imported = arguments.GetValue(_import) is { } import ? Import(import, store, captioner.KeyOf(asked), images, _pictures.Limits(arguments).MaxBytes) : 0;
        AnswerRunResult run = await terminal.TrackAsync("captions", images.Count, progress => captioner.RunAsync(store, images, asked, progress, cancellationToken));
        if (arguments.GetValue(_export) is { } export)
        {
            store.ExportCaptions(export.FullName, captioner.KeyOf(asked));
        }

        return CaptionReport.Create(terminal, CaptionDocument.From(captioner.Id, run, imported, TokenDocument.From(captioner.Usage), clock.Elapsed.TotalSeconds), file, "pictures");
    }

    // Captions belong to the content of pictures, so a picture that cannot be read has none; the run will say so.
    private static int Import(FileInfo file, AnswerStore store, string captioner, IReadOnlyList<(string Id, string Path)> images, long maxBytes)
    {
        Dictionary<string, string> paths = images.ToDictionary(image => image.Id, image => image.Path, StringComparer.Ordinal);
        return store.ImportCaptions(file.FullName, captioner, id =>
        {
            try
            {
                return paths.TryGetValue(id, out string? path) ? ImageData.FromFile(path, maxBytes).ComputeSha256() : null;
            }
            catch (InvalidImageException)
            {
                return null;
            }
        });
    }
}
