using System.CommandLine;
using System.Globalization;
using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Resampling;
using ZeroShotCir.Tool.Places;

namespace ZeroShotCir.Tool.Options;

/// <summary>The options whose values are compared with each other.</summary>
internal sealed class ComparisonOptions
{
    private const string NoCaptions = "none";

    private readonly Option<string[]> _captions = Several<string>(
        "--captions", $"FILE|{NoCaptions}", $"The sources of captions: files, or '{NoCaptions}'; with several data sets, NAME=FILE says whose they are.");

    private readonly Option<FileInfo?> _composition = new("--composition")
    {
        Description = "Descriptions of the queries' targets, as 'cir compose' writes them, for the fusions that take them.",
        HelpName = "FILE.jsonl",
    };

    private readonly Option<string[]> _fusions = FusionOption.SeveralOrAll("The fusions, of which several make a row each");
    private readonly ProjectionOption _projection;
    private readonly Func<ParseResult, bool> _isBuiltIn;
    private readonly Option<double[]> _alphas = Several<double>("--alpha", "0..1", "The weights of the text.");
    private readonly Option<double[]> _betas = Several<double>("--beta", "0..1", "The weights of captions; rows without captions have 0.");

    /// <param name="command">The command.</param>
    /// <param name="isBuiltIn">Whether the built-in world is compared.</param>
    public ComparisonOptions(Command command, Func<ParseResult, bool> isBuiltIn)
    {
        _isBuiltIn = isBuiltIn;
        Model = new EncoderOptions(command, isRequired: false, allowsSeveral: true, orientation: ImageOrientation.Ignore);
        foreach (Option<double[]> weights in (Option<double[]>[])[_alphas, _betas])
        {
            weights.Validators.Add(result => ToolOptions.Check<double>(result, weights, value => value is >= 0 and <= 1, "a number from 0 to 1"));
        }

        command.Add(_captions);
        command.Add(_composition);
        command.Add(_fusions);
        _projection = new ProjectionOption(command);
        command.Add(_alphas);
        command.Add(_betas);
    }

    public EncoderOptions Model { get; }

    /// <summary>The model folders; the built-in model where none is given.</summary>
    public IReadOnlyList<string> Models(ParseResult arguments)
        => Model.Folders(arguments) is { Count: > 0 } folders ? [.. folders.Select(folder => folder.ToString())] : [TinyFashion.Model];

    /// <summary>The sources of captions for a data set, <see langword="null"/> for none; or <see langword="null"/> where nothing was asked for.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="compared">All data sets; where there are several, a file says whose captions it holds: <c>cirr=captions.json</c>.</param>
    public IReadOnlyList<FileInfo?>? Captions(ParseResult arguments, string dataset, IReadOnlyCollection<string> compared)
    {
        List<FileInfo?> sources = [];
        string[] given = arguments.GetValue(_captions) ?? [];
        foreach (string value in given)
        {
            string owner = value.IndexOf('=', StringComparison.Ordinal) is > 0 and var end && DatasetReader.Names.Contains(value[..end]) ? value[..end] : "";
            if (owner.Length > 0 && !compared.Contains(owner))
            {
                throw new BadUsageException($"--captions names '{owner}', which is not compared; compared are {string.Join(", ", compared)}.");
            }

            if (owner.Length == 0 && value != NoCaptions && compared.Count > 1)
            {
                throw new BadUsageException($"With several data sets, captions belong to one of them: write --captions {dataset}={value}.");
            }

            if (owner.Length == 0 || owner == dataset)
            {
                sources.Add(value == NoCaptions ? null : new FileInfo(owner.Length == 0 ? value : value[(owner.Length + 1)..]));
            }
        }

        return given.Length == 0 ? null : sources.Count > 0 ? sources : [null];
    }

    public FileInfo? Composition(ParseResult arguments) => arguments.GetValue(_composition);

    /// <summary>The fusions; what a model composes by itself stands beside the weighted sum of its own embeddings, also where nobody asks for that.</summary>
    public IReadOnlyList<CompositionStrategy> Fusions(ParseResult arguments)
    {
        if (HasAll(arguments))
        {
            return [.. StrategyTable.All.Select(row => row.Create())];
        }

        CompositionStrategy[] given = [.. (arguments.GetValue(_fusions) ?? []).Select(FusionOption.Parse)];
        return given.All(FusionOption.ReadsTogether) ? [CompositionStrategy.Weighted, .. given] : given;
    }

    /// <summary>
    /// Whether every strategy is a row, and one that lacks evidence says what it needs: where that is asked for, and on the built-in world
    /// where neither a fusion nor a model is.
    /// </summary>
    public bool HasAll(ParseResult arguments)
    {
        string[] given = arguments.GetValue(_fusions) ?? [];
        return given.Contains(FusionOption.All) || (given.Length == 0 && _isBuiltIn(arguments) && !HasModels(arguments));
    }

    /// <summary>Whether models were named.</summary>
    public bool HasModels(ParseResult arguments) => Model.Folders(arguments) is { Count: > 0 };

    public CorpusProjection? Projection(ParseResult arguments) => _projection.Read(arguments);

    /// <summary>Whether every fusion that was asked for leaves no weight to choose.</summary>
    public bool IsWeightless(ParseResult arguments)
        => (arguments.GetValue(_fusions) ?? []) is { Length: > 0 } given && !given.Contains(FusionOption.All) && given.Select(FusionOption.Parse).All(FusionOption.ReadsTogether);

    public IReadOnlyList<double> Alphas(ParseResult arguments)
        => arguments.GetValue(_alphas) is { Length: > 0 } given ? given : [EvaluationDefaults.Alpha];

    public IReadOnlyList<double> Betas(ParseResult arguments)
        => arguments.GetValue(_betas) is { Length: > 0 } given ? given : [EvaluationDefaults.Beta];

    public Option AlphaOption => _alphas;

    public bool HasBetas(ParseResult arguments) => arguments.GetValue(_betas) is { Length: > 0 };

    /// <summary>The model's options that a row's own command repeats.</summary>
    public string ModelArguments(ParseResult arguments)
    {
        Onnx.Models.OnnxModelOptions options = Model.ReadOptions(arguments);
        string budget = options.SoftTokens is { } tokens ? string.Create(CultureInfo.InvariantCulture, $"--soft-tokens {tokens}") : "";
        string dimensions = options.Dimensions is { } components ? string.Create(CultureInfo.InvariantCulture, $"--dimensions {components}") : "";
        string precision = options.Precision is { } asked ? string.Create(CultureInfo.InvariantCulture, $"--precision {asked.Name}") : "";
        string orientation = options.DecodeOptions.Orientation == ImageOrientation.Apply ? "--orientation apply" : "";
        string order = options.ResizeOrder == ResizeOrder.Pillow13 ? "--resize-order pillow13" : "";
        string resolution = options.DecodeOptions.Resolution == ImageResolution.Reduced ? "--resolution reduced" : "";
        return string.Join(' ', ((string[])[precision, budget, dimensions, orientation, order, resolution, _projection.ArgumentsOf(arguments)]).Where(option => option.Length > 0));
    }

    private static Option<T[]> Several<T>(string name, string helpName, string description) => new(name)
    {
        Description = $"{description} Several make a row each.",
        HelpName = helpName,
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };
}
