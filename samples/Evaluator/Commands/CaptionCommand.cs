using System.CommandLine;
using System.Diagnostics;
using ZeroShotCir.Captions;
using ZeroShotCir.Evaluator.CommandLine;
using ZeroShotCir.Evaluator.Input;
using ZeroShotCir.Evaluator.Output;
using ZeroShotCir.Evaluator.Runs;
using ZeroShotCir.Extensions.AI.Captioning;
using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx.Captioning;

namespace ZeroShotCir.Evaluator.Commands;

/// <summary><c>cir caption</c>: captions of pictures, by a model folder or a chat model; goes on where it stopped.</summary>
internal sealed class CaptionCommand : ToolCommand
{
    private const string OnnxPrefix = "onnx:";
    private readonly Option<DirectoryInfo> _images = new("--images") { Description = "Caption the pictures of this folder and its subfolders.", HelpName = "DIR", Required = true };
    private readonly Option<string> _captioner = new("--captioner")
    {
        Description = "Who writes: the folder of an ONNX captioner, or a chat model that reads pictures.",
        HelpName = $"{OnnxPrefix}DIR|{ChatModelOptions.Prefix}MODEL",
        Required = true,
    };

    private readonly Option<FileInfo> _out = ToolOptions.OutFile("Where the captions go, one line of JSON per picture. What it already holds is not asked for again.");
    private readonly Option<int> _count = ToolOptions.Count("--count", 3, "How many captions of each picture.");
    private readonly Option<int> _seed = new("--seed") { Description = "Makes sampling repeatable where the captioner samples.", HelpName = "N" };
    private readonly Option<int?> _maxTokens = new("--max-tokens") { Description = "The longest caption in tokens; without it, the captioner's own limit.", HelpName = "N" };
    private readonly Option<string> _ids = new("--ids")
    {
        Description = "What a picture is called: its path below the folder, or its name without folder and extension, as data sets call it.",
        HelpName = "path|name",
        DefaultValueFactory = _ => "path",
    };

    private readonly Option<FileInfo?> _import = new("--import") { Description = "First take over captions of this file, [{\"candidate\", \"captions\": [...]}] or JSON Lines, as if the captioner had written them.", HelpName = "FILE" };
    private readonly Option<FileInfo?> _export = new("--export") { Description = "Also write all captions as [{\"candidate\", \"captions\": [...]}].", HelpName = "FILE.json" };
    private readonly ChatModelOptions _chat;

    public CaptionCommand()
        : base("caption", "Write captions of pictures; run it again to go on where it stopped.", "cir caption --images photos --captioner openai:llava --endpoint http://localhost:11434/v1 --out captions.jsonl")
    {
        _captioner.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } given && ModelOf(given, OnnxPrefix) is null && ModelOf(given, ChatModelOptions.Prefix) is null)
            {
                result.AddError($"--captioner is '{given}', expected {OnnxPrefix}DIR or {ChatModelOptions.Prefix}MODEL.");
            }
        });
        _maxTokens.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int?>() < 1)
            {
                result.AddError("--max-tokens must be at least 1.");
            }
        });
        _ids.AcceptOnlyFromAmong("path", "name");
        Add(_images);
        Add(_captioner);
        Add(_out);
        Add(_count);
        Add(_seed);
        Add(_maxTokens);
        Add(_ids);
        Add(_import);
        Add(_export);
        _chat = new ChatModelOptions(this);
    }

    public override bool KeepsWork => true;

    public override async Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        Stopwatch clock = Stopwatch.StartNew();
        IReadOnlyList<(string Id, string Path)> images = ImageFiles.In(arguments.GetRequiredValue(_images), named: arguments.GetValue(_ids) == "name");
        CaptionOptions asked = new() { Count = arguments.GetValue(_count), Seed = arguments.GetValue(_seed), MaxTokens = arguments.GetValue(_maxTokens) };
        string spec = arguments.GetRequiredValue(_captioner);
        if (ModelOf(spec, ChatModelOptions.Prefix) is { } model)
        {
            (Microsoft.Extensions.AI.IChatClient client, ChatSettings settings) = _chat.Connect(arguments, model);
            using (client)
            {
                ChatImageCaptioner captioner = new(client, new ChatCaptionerOptions { Chat = settings });
                return await RunAsync(captioner, _chat.Concurrency(arguments), () => captioner.Usage);
            }
        }

        if (_chat.FirstGiven(arguments) is { } option)
        {
            throw new BadUsageException($"{option} is for chat models; '{spec}' runs here.");
        }

        using OnnxImageCaptioner onnx = OnnxImageCaptioner.Open(ModelOf(spec, OnnxPrefix)!, new SkiaImageDecoder());
        return await RunAsync(onnx, Environment.ProcessorCount, () => default);

        async Task<ToolResult> RunAsync(IImageCaptioner captioner, int concurrency, Func<ChatUsage> usage)
        {
            FileInfo file = arguments.GetRequiredValue(_out);
            file.Directory?.Create();
            using CaptionStore store = CaptionStore.Open(file.FullName);
            int imported = arguments.GetValue(_import) is { } import ? Import(import, store, StoredCaptioner.KeyOf(captioner, asked), images) : 0;
            CaptionRunner runner = new(new StoredCaptioner(captioner, store), new CaptionRunnerOptions { Concurrency = concurrency });
            CaptionRunResult run = await terminal.TrackAsync("pictures", images.Count, progress => runner.RunAsync(images, asked, progress, cancellationToken));
            if (arguments.GetValue(_export) is { } export)
            {
                store.Export(export.FullName, StoredCaptioner.KeyOf(captioner, asked));
            }

            return CaptionReport.Of(terminal, CaptionDocument.Of(captioner.CaptionerId, run, imported, TokenDocument.Of(usage()), clock.Elapsed.TotalSeconds), file, "pictures");
        }
    }

    // Captions belong to the content of pictures, so a picture that cannot be read has none; the run will say so.
    private static int Import(FileInfo file, CaptionStore store, string captioner, IReadOnlyList<(string Id, string Path)> images)
    {
        Dictionary<string, string> paths = images.ToDictionary(image => image.Id, image => image.Path, StringComparer.Ordinal);
        return store.Import(file.FullName, captioner, id =>
        {
            try
            {
                return paths.TryGetValue(id, out string? path) ? CaptionStore.HashOf(ImageData.FromFile(path)) : null;
            }
            catch (InvalidImageException)
            {
                return null;
            }
        });
    }

    private static string? ModelOf(string spec, string prefix)
        => spec.StartsWith(prefix, StringComparison.Ordinal) && spec.Length > prefix.Length ? spec[prefix.Length..] : null;
}
