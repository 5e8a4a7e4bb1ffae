using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using Spectre.Console;
using ZeroShotCir.Evaluator.CommandLine;
using ZeroShotCir.Evaluator.Input;
using ZeroShotCir.Evaluator.Output;
using ZeroShotCir.Fusion;
using ZeroShotCir.Galleries;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Evaluator.Commands;

/// <summary><c>cir search</c>: finds the pictures of a gallery that look like a reference changed as a sentence says.</summary>
internal sealed class SearchCommand : ToolCommand
{
    private readonly Option<DirectoryInfo> _gallery = new("--gallery") { Description = "The gallery folder, as 'cir index' makes it.", HelpName = "GALLERY", Required = true };
    private readonly ModelOptions _model;
    private readonly Option<FileInfo?> _image = new("--image") { Description = "The reference image.", HelpName = "FILE" };
    private readonly Option<string?> _id = new("--id") { Description = "The id of the reference image, which is in the gallery.", HelpName = "ID" };
    private readonly Option<string?> _text = new("--text") { Description = "How the picture searched for differs from the reference, or without one, what it shows.", HelpName = "TEXT" };
    private readonly Option<int> _k = ToolOptions.Count("-k", 10, "How many pictures to find; all of them where the gallery has fewer.");
    private readonly Option<double> _alpha = ToolOptions.Weight("--alpha", EvaluationDefaults.Alpha, "How much the text counts against the reference image.");
    private readonly Option<double> _beta = ToolOptions.Weight("--beta", EvaluationDefaults.Beta, "How much captions count against images.");
    private readonly Option<string[]> _exclude = new("--exclude") { Description = "Ids that must not be found.", HelpName = "ID", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
    private readonly Option<bool> _excludeReference = new("--exclude-reference") { Description = "The picture of --id must not be found." };
    private readonly Option<string?> _only = new("--only") { Description = "Find only pictures whose id matches, such as 'dresses/*'.", HelpName = "PATTERN" };

    private readonly Option<string[]> _root = new("--root") { Description = "Where a folder of the gallery is now, if it was moved; without a name, the first one.", HelpName = "[NAME=]DIR", DefaultValueFactory = _ => [] };

    public SearchCommand()
        : base("search", "Find pictures by a reference image, a sentence, or both.", "cir search --gallery gallery --image dress.jpg --text \"the same in red with long sleeves\"")
    {
        Add(_gallery);
        _model = new ModelOptions(this, isRequired: false);
        Add(_image);
        Add(_id);
        Add(_text);
        Add(_k);
        Add(_alpha);
        Add(_beta);
        Add(_exclude);
        Add(_excludeReference);
        Add(_only);
        Add(_root);
        _text.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string?>()))
            {
                result.AddError("--text is blank. Leave it out, or say what to look for.");
            }
        });
        Validators.Add(Check);
    }

    public override async Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = arguments.GetRequiredValue(_gallery);
        Gallery gallery = Gallery.Open(folder.FullName);
        if (gallery.Count == 0)
        {
            throw new InvalidGalleryException($"The gallery '{folder}' is empty, so there is nothing to find. Index some pictures first.");
        }

        foreach (string root in arguments.GetValue(_root)!)
        {
            int sign = root.IndexOf('=', StringComparison.Ordinal);
            gallery = sign <= 0 ? gallery.WithRoot("", root[(sign + 1)..]) : gallery.WithRoot(root[..sign], root[(sign + 1)..]);
        }

        if (gallery.Warning is { } warning)
        {
            terminal.Warn(warning);
        }

        ComposedQuery query = ReadQuery(arguments, gallery);
        OnnxModelFolder? model = query.Image is null && query.Text is null ? null : _model.Open(arguments, IndexedModel.Read(folder), folder);
        using OnnxImageEncoder? imageEncoder = query.Image is null ? null : model!.CreateImageEncoder(new SkiaImageDecoder());
        using OnnxTextEncoder? textEncoder = query.Text is null ? null : model!.CreateTextEncoder();
        if (query.Text is { } text && model!.Tokenize(text) is { Truncated: true } cut)
        {
            terminal.Warn($"--text is longer than the {cut.Tokens} tokens that the model reads; its end is left out.");
        }

        ComposedImageRetriever retriever = new(gallery, imageEncoder, textEncoder);
        int k = arguments.GetValue(_k);
        Stopwatch clock = Stopwatch.StartNew();
        IReadOnlyList<RetrievalResult> results = await retriever.SearchAsync(query, k, cancellationToken);
        double seconds = clock.Elapsed.TotalSeconds;

        FoundImage[] hits = [.. results.Select(result => new FoundImage(result.Rank, result.Id, result.Score, gallery.FileOf(result.Item.Ordinal)))];
        terminal.Out.Write(Draw(hits));
        SearchedQuery searched = new(
            folder.ToString(), gallery.Count, gallery.Model?.ImageModelId, arguments.GetValue(_image)?.ToString(), query.ReferenceId, query.Text, k,
            query.Fusion is null ? null : arguments.GetValue(_alpha), query.CaptionWeight!.Value, [.. query.ExcludedIds], arguments.GetValue(_only));
        return ToolResult.Of(new SearchDocument(searched, hits, seconds), ToolJson.Default.SearchDocument);
    }

    private ComposedQuery ReadQuery(ParseResult arguments, Gallery gallery)
    {
        bool composed = arguments.GetValue(_text) is not null && (arguments.GetValue(_image) is not null || arguments.GetValue(_id) is not null);
        string? id = arguments.GetValue(_id);
        return new ComposedQuery
        {
            Image = arguments.GetValue(_image) is { } file ? ImageData.FromFile(file.ToString()) : null,
            ReferenceId = id,
            Text = arguments.GetValue(_text),
            ExcludedIds = [.. arguments.GetValue(_exclude)!, .. arguments.GetValue(_excludeReference) ? [id!] : Array.Empty<string>()],
            Allowed = arguments.GetValue(_only) is { } pattern ? Matching(gallery, pattern) : default,
            Fusion = composed ? new WeightedFusion(arguments.GetValue(_alpha)) : null,
            CaptionWeight = arguments.GetValue(_beta),
        };
    }

    private static ReadOnlyMemory<ulong> Matching(Gallery gallery, string pattern)
    {
        IdPattern ids = new(pattern);
        ReadOnlyMemory<ulong> matching = gallery.Select(ordinal => ids.Matches(gallery.IdOf(ordinal)));
        return matching.Span.ContainsAnyExcept(0UL)
            ? matching
            : throw new BadUsageException($"No id of the gallery matches --only '{pattern}'. {ids.Explain(Enumerable.Range(0, gallery.OrdinalCount).Where(ordinal => !gallery.IsRemoved(ordinal)).Select(gallery.IdOf))}");
    }

    private void Check(CommandResult result)
    {
        bool hasImage = result.GetValue(_image) is not null, hasId = result.GetValue(_id) is not null;
        if (hasImage && hasId)
        {
            result.AddError("'cir search' takes either --image or --id.");
        }
        else if (!hasImage && !hasId && result.GetResult(_text) is null)
        {
            result.AddError("'cir search' needs --image, --id or --text.");
        }
        else if (result.GetResult(_alpha) is { Implicit: false } && (result.GetResult(_text) is null || !(hasImage || hasId)))
        {
            result.AddError("--alpha weighs a text against a reference image: give both, or leave it out.");
        }
        else if (result.GetValue(_excludeReference) && !hasId)
        {
            result.AddError("--exclude-reference needs --id.");
        }
    }

    private static Table Draw(FoundImage[] hits)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("rank").RightAligned()).AddColumn("id").AddColumn(new TableColumn("score").RightAligned());
        foreach (FoundImage hit in hits)
        {
            table.AddRow(FormattableString.Invariant($"{hit.Rank}"), Terminal.Escape(hit.Id), FormattableString.Invariant($"{hit.Score:0.0000}"));
        }

        return table;
    }
}
