using System.CommandLine;
using ZeroShotCir.Composition;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tool.Options;

/// <summary>The options that say where embeddings come from: a model that encodes, or folders of stored ones.</summary>
internal sealed class SourceOptions
{
    private readonly EncoderOptions _model;
    private readonly Option<DirectoryInfo[]> _features = new("--features")
    {
        Description = "Stored embeddings instead of images and model: a folder with features.json, several, or a folder of such folders.",
        HelpName = "DIR",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<FileInfo?> _captions = new("--captions")
    {
        Description = "Captions of the gallery images: [{\"candidate\", \"captions\": [...]}], or JSON Lines of {\"id\", \"captions\"}.",
        HelpName = "FILE",
    };

    private readonly Option<FileInfo?> _composition = new("--composition")
    {
        Description = $"Descriptions of the queries' targets, as 'cir compose' writes them, for the fusions {FusionOption.ReadingTargets}.",
        HelpName = "FILE.jsonl",
    };

    private readonly Option<string?> _recipe = RecipeOption.OfDataset();
    private readonly Option<DirectoryInfo?> _cache = new("--cache") { Description = "Remember embeddings in this folder: a second run reads no pixel.", HelpName = "DIR" };
    private readonly ProjectionOption _projection;
    private readonly Option<bool> _allowMissing = new("--allow-missing") { Description = "Go on without images that are missing or corrupt, and say so in every result." };

    public SourceOptions(Command command)
    {
        _model = new EncoderOptions(command, isRequired: false, orientation: ImageOrientation.Ignore) { Services = new ServiceOptions(command) };
        command.Add(_features);
        command.Add(_captions);
        command.Add(_composition);
        command.Add(_recipe);
        command.Add(_cache);
        command.Add(_allowMissing);
        _projection = new ProjectionOption(command);
        command.Validators.Add(result =>
        {
            bool hasModel = result.Children.Any(child => child is System.CommandLine.Parsing.OptionResult { Option.Name: "--model" });
            if (hasModel == result.GetValue(_features) is { Length: > 0 })
            {
                result.AddError($"'cir {command.Name}' {(hasModel ? "takes either --model or --features, not both" : "needs --model or --features")}.");
            }
            else if (!hasModel && ((Option[])[_captions, _composition, _cache]).FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } ignored)
            {
                result.AddError($"{ignored.Name} needs --model to encode it; features are encoded already.");
            }
        });
    }

    public EncoderOptions Model => _model;

    public IReadOnlyList<DirectoryInfo> Features(ParseResult arguments) => arguments.GetValue(_features) ?? [];

    public FileInfo? Captions(ParseResult arguments) => arguments.GetValue(_captions);

    /// <summary>The file of target descriptions, after making sure that a fusion reads them.</summary>
    public FileInfo? Composition(ParseResult arguments, IEnumerable<CompositionStrategy> fusions)
        => arguments.GetValue(_composition) is not { } file || fusions.Any(FusionOption.ReadsTargets)
            ? arguments.GetValue(_composition)
            : throw new BadUsageException($"None of the fusions reads '{file}'; add --fusion target, or another one that takes a description of the target.");

    public string? Recipe(ParseResult arguments) => arguments.GetValue(_recipe);

    public string? Cache(ParseResult arguments) => arguments.GetValue(_cache)?.FullName;

    public CorpusProjection? Projection(ParseResult arguments) => _projection.Read(arguments);

    public bool AllowMissing(ParseResult arguments) => arguments.GetValue(_allowMissing);
}
