using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using ZeroShotCir.Answers;
using ZeroShotCir.Captions;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Places;
using ZeroShotCir.Tool.Runs;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir index</c>: brings a gallery folder up to date with folders of pictures; goes on where it stopped.</summary>
internal sealed class IndexCommand : ToolCommand
{
    private const string CaptionFileName = "captions.jsonl";

    // What a service wrote and was paid for, beside the captions.
    private const string EmbeddingFileName = "embeddings.jsonl";
    private readonly EncoderOptions _model;
    private readonly ModelChoice _choice;
    private readonly Argument<string[]> _photos = ToolOptions.Files(
        "PHOTOS", "Folders of pictures, with their subfolders; NAME=DIR gives one its name, or a new place. Without any, all folders of the gallery.");

    private readonly Option<string[]> _images = new("--images") { Description = "The same as PHOTOS.", HelpName = "DIR", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> _root = new("--root") { Description = "The same as PHOTOS.", HelpName = "NAME=DIR", DefaultValueFactory = _ => [] };
    private readonly Option<DirectoryInfo?> _out = new("--out")
    {
        Description = "The gallery folder; without it, one in the user's data folder, which is told. Pictures it already has are not encoded again.",
        HelpName = "GALLERY",
    };

    private readonly Option<bool> _prune = new("--prune") { Description = "Remove pictures that the folders do not hold any more: what is done anyway." };
    private readonly Option<bool> _keepMissing = new("--keep-missing") { Description = "Keep pictures in the gallery that the folders do not hold any more." };
    private readonly Option<bool> _verifyContent = new("--verify-content") { Description = "Read every byte again, rather than trusting the sizes and times of files." };
    private readonly Option<bool> _rebuild = new("--rebuild")
    {
        Description = "Encode every picture again and keep the captions. What a service has embedded is taken from GALLERY/embeddings.jsonl and not paid for again: "
            + "delete that file to have it ask again.",
    };

    private readonly Option<FileInfo?> _captions = new("--captions")
    {
        Description = "Captions of the pictures: [{\"candidate\", \"captions\": [...]}], or JSON Lines of {\"id\", \"captions\"}.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _shard = new("--shard")
    {
        Description = "Index one part of the pictures only, such as 2/4, into GALLERY/shards; 'cir gallery merge' makes one gallery of all parts.",
        HelpName = "I/N",
    };

    private readonly Option<bool> _watch = new("--watch")
    {
        Description = "Stay, and follow the folders: bring the gallery up to date whenever something in them changed, until Ctrl-C.",
    };

    private readonly Option<string> _ids = ToolOptions.Ids();
    private readonly FolderOptions _files;
    private readonly CaptionerOptions _captioner;

    public IndexCommand()
        : base("index", "Make a gallery of folders of pictures, or bring it up to date.", "cir index photos --model models/clip --out gallery\ncir index photos")
    {
        _photos.Arity = ArgumentArity.ZeroOrMore;
        Add(_photos);
        _model = new EncoderOptions(this, isRequired: false) { Services = new ServiceOptions(this) };
        _choice = new ModelChoice(this, _model);
        Add(_images);
        Add(_root);
        Add(_out);
        Add(_keepMissing);
        Add(_prune);
        Add(_verifyContent);
        Add(_rebuild);
        Add(_shard);
        Add(_watch);
        Add(_ids);
        _files = new FolderOptions(this);
        Add(_captions);
        _captioner = new CaptionerOptions(this, isRequired: false, _model.Pictures);
        Validators.Add(Check);
    }

    public override bool KeepsWork => true;

    public override async Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        DirectoryInfo gallery = Place(arguments);
        if (!arguments.GetValue(_watch))
        {
            return await IndexAsync(arguments, gallery, terminal, cancellationToken);
        }

        // Before the first look at the folders, so that nothing happens between it and the watch.
        using FolderChanges changes = new(Folders(arguments, gallery).Select(folder => folder.Path));
        ToolResult result = await IndexAsync(arguments, gallery, terminal, cancellationToken);
        while (true)
        {
            await changes.WaitAsync(cancellationToken);
            result = await TryIndexAsync(arguments, gallery, terminal, result, cancellationToken);
        }
    }

    // A folder or a service that is away for a while, or a folder that holds no picture just now, ends no watch.
    private async Task<ToolResult> TryIndexAsync(ParseResult arguments, DirectoryInfo gallery, Terminal terminal, ToolResult last, CancellationToken cancellationToken)
    {
        try
        {
            return await IndexAsync(arguments, gallery, terminal, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or GalleryLockedException or ServiceUnavailableException { IsFinal: false })
        {
            terminal.Warn($"{e.Message} It is tried again.");
            return last;
        }
    }

    private async Task<ToolResult> IndexAsync(ParseResult arguments, DirectoryInfo whole, Terminal terminal, CancellationToken cancellationToken)
    {
        Stopwatch clock = Stopwatch.StartNew();
        GalleryShard? shard = arguments.GetValue(_shard) is { } given ? GalleryShard.Parse(given) : null;
        ShardedGallery shards = new(whole.FullName);
        DirectoryInfo gallery = shard is null ? whole : new DirectoryInfo(shards.FolderOf(shard));
        GalleryScan scan = Scan(arguments, gallery, shard, cancellationToken);
        if (shard is not null)
        {
            shards.Begin(shard);
        }

        foreach (string note in scan.Notes)
        {
            terminal.Note(note);
        }

        if (scan.Images.Count == 0 && shard is null)
        {
            string problem = scan.Problems is [var first, ..] ? $" {first.Message}" : "";
            throw new FileNotFoundException($"There is no picture{problem}: the folder holds no picture at all. Nothing was removed from the gallery.");
        }

        using ChosenCaptioner? captioner = _captioner.Open(arguments);
        IReadOnlyDictionary<string, IReadOnlyList<string>>? captions = arguments.GetValue(_captions) is { } file ? ReadCaptions(file, scan) : null;
        bool rebuild = arguments.GetValue(_rebuild);
        IndexedModel chosen = await _choice.FindAsync(arguments, IndexedModel.Read(gallery), terminal, cancellationToken);
        using EncoderSource model = _model.OpenEncoders(
            arguments, chosen, gallery, rebuild ? null : scan.Reading, Path.Combine(gallery.FullName, EmbeddingFileName));
        IImageEncoder imageEncoder = model.Images();
        ITextEncoder textEncoder = model.Texts(EncodingRole.Document);

        // Refuses a gallery of another model before any captioner is paid.
        if (!rebuild)
        {
            using GalleryWriter writer = GalleryWriter.Open(gallery.FullName, GalleryModel.FromEncoders(imageEncoder, textEncoder));
            if (writer.Committed.Warning is { } warning)
            {
                terminal.Warn(warning);
            }
        }

        gallery.Create();
        chosen.Write(gallery);
        CaptionDocument? captioned = null;
        if (captioner is not null)
        {
            CaptionOptions asked = _captioner.Asked(arguments);
            using AnswerStore store = AnswerStore.Open(Path.Combine(gallery.FullName, CaptionFileName));
            (string Id, string Path)[] images = [.. scan.FindImages().Select(image => (image.Id, image.Path))];
            AnswerRunResult run = await terminal.TrackAsync("captions", images.Length, progress => captioner.RunAsync(store, images, asked, progress, cancellationToken));
            captioned = CaptionDocument.From(captioner.Id, run, 0, TokenDocument.From(captioner.Usage), clock.Elapsed.TotalSeconds);
            captions = store.TextsOf(captioner.KeyOf(asked));
        }

        GalleryBuilder builder = new(imageEncoder, textEncoder, new GalleryBuilderOptions
        {
            RemoveMissing = !arguments.GetValue(_keepMissing),
            VerifyContent = arguments.GetValue(_verifyContent),
            Rebuild = rebuild,
            MaxImageBytes = _model.Pictures.Limits(arguments).MaxBytes,
        });
        GalleryBuildResult built = await terminal.TrackAsync("pictures", scan.Images.Count, progress => builder.BuildAsync(scan, captions, progress, cancellationToken));
        if (shard is not null)
        {
            shards.Complete(shard);
        }

        terminal.NoteIfAny(captioner is null ? null : Spending.Describe(captioner.Id, captioner.Usage));
        terminal.NoteIfAny(Spending.Describe(model));
        return IndexReport.Create(terminal, gallery.ToString(), scan, built, captioned, (imageEncoder as OnnxImageEncoder)?.Load, model.Usage, clock.Elapsed.TotalSeconds);
    }

    private DirectoryInfo Place(ParseResult arguments)
    {
        if (arguments.GetValue(_out) is { } named)
        {
            return named;
        }

        NamedFolder[] folders = [.. Given(arguments).Select(Parse)];
        return folders switch
        {
            [] => throw new BadUsageException("'cir index' needs a folder of pictures, or --out with the gallery to bring up to date."),
            [var only] => Directory.Exists(only.Path) ? GalleryPlace.DefaultOf(only.Path) : throw new DirectoryNotFoundException($"The folder '{only.Path}' does not exist."),
            _ => throw new BadUsageException("Several folders make one gallery, which needs a place: give --out."),
        };
    }

    private GalleryScan Scan(ParseResult arguments, DirectoryInfo gallery, GalleryShard? shard, CancellationToken cancellationToken)
    {
        GalleryScanOptions options = new() { Files = _files.Read(arguments), Shard = shard };
        if (arguments.GetResult(_ids) is { Implicit: false })
        {
            options.Naming = arguments.GetValue(_ids) == "name" ? ImageNaming.FileName : ImageNaming.Path;
        }

        return GalleryScan.Read(gallery.FullName, Folders(arguments, gallery), options, cancellationToken);
    }

    private NamedFolder[] Folders(ParseResult arguments, DirectoryInfo gallery)
    {
        NamedFolder[] given = [.. Given(arguments).Select(Parse)];
        return given.Length > 0 ? given : [.. Gallery.Open(gallery.FullName).Roots.Select(root => new NamedFolder(root.Path))];
    }

    private IEnumerable<string> Given(ParseResult arguments)
        => [.. arguments.GetValue(_photos) ?? [], .. arguments.GetValue(_images) ?? [], .. arguments.GetValue(_root) ?? []];

    private static NamedFolder Parse(string given)
    {
        int sign = given.IndexOf('=', StringComparison.Ordinal);
        return sign <= 0 || Directory.Exists(given) ? new NamedFolder(given) : new NamedFolder(given[(sign + 1)..], given[..sign]);
    }

    private static void Check(CommandResult result)
    {
        if (result.Children.OfType<OptionResult>().FirstOrDefault(option => option.Option.Name == "--shard") is { Implicit: false, Tokens: [{ Value: var shard }] })
        {
            try
            {
                GalleryShard.Parse(shard);
            }
            catch (FormatException exception)
            {
                result.AddError(exception.Message);
            }
        }

        bool Has(string name) => result.Children.OfType<OptionResult>().Any(option => option.Option.Name == name && !option.Implicit);
        if (Has("--captions") && Has("--captioner"))
        {
            result.AddError("'cir index' takes either --captions or --captioner.");
        }
        else if (Has("--prune") && Has("--keep-missing"))
        {
            result.AddError("'cir index' takes either --prune or --keep-missing.");
        }
    }

    private static IReadOnlyDictionary<string, IReadOnlyList<string>> ReadCaptions(FileInfo file, GalleryScan scan)
    {
        IReadOnlyDictionary<string, IReadOnlyList<string>> captions = CaptionFile.Read(file.ToString());
        return scan.Images.Any(image => captions.ContainsKey(image.Id))
            ? captions
            : throw new InvalidDataException(
                $"The caption file '{file}' has captions of none of the pictures: it names '{captions.Keys.FirstOrDefault()}', "
                + $"the first picture is called '{scan.Images[0].Id}'. See --ids.");
    }
}
