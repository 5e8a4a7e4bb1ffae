using System.CommandLine;
using ZeroShotCir.Extensions.Http.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Tool.Places;

namespace ZeroShotCir.Tool.Options;

/// <summary>The options that say which model is used and how.</summary>
internal sealed class EncoderOptions
{
    private readonly Option<DirectoryInfo[]> _folders;
    private readonly Option<string?> _precision = new("--precision")
    {
        Description = "Which variant of the graphs; without it, the most faithful one there is.",
        HelpName = string.Join('|', ModelPrecision.All),
    };

    private readonly Option<int?> _softTokens = new("--soft-tokens")
    {
        Description = "How finely a model that reads images among words looks at them; without it, as its folder says.",
        HelpName = "70|140|280|560|1120",
    };

    private readonly Option<int?> _dimensions = new("--dimensions")
    {
        Description = "Keep so many components of each embedding, normalized again, of a model trained for it.",
        HelpName = "N",
    };

    private readonly PictureOptions? _pictures;
    private readonly Option<int?> _threads = new("--threads") { Description = "Threads per graph; without it, ONNX Runtime chooses.", HelpName = "N" };

    private readonly string _command;

    public EncoderOptions(Command command, bool isRequired = true, bool allowsSeveral = false, bool readsPictures = true, ImageOrientation orientation = ImageOrientation.Apply)
    {
        _command = command.Name;
        _folders = new Option<DirectoryInfo[]>("--model")
        {
            Description = $"The model {(allowsSeveral ? "folders" : "folder")} (config.json, onnx/, tokenizer and preprocessor files).",
            HelpName = "DIR",
            Required = isRequired,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = allowsSeveral,
            DefaultValueFactory = _ => [],
        };
        _folders.Validators.Add(result =>
        {
            if (!allowsSeveral && result.Tokens.Count > 1)
            {
                result.AddError($"'cir {command.Name}' takes one --model, but {result.Tokens.Count} were given; 'cir compare' takes several.");
            }
            else if (Services is null && result.Tokens.FirstOrDefault(token => HttpEmbeddingModel.IsName(token.Value)) is { } service)
            {
                result.AddError($"'cir {command.Name}' runs a model folder, and '{service.Value}' is behind a service.");
            }
        });
        _precision.AcceptOnlyFromAmong([.. ModelPrecision.All.Select(precision => precision.Name)]);
        _threads.Validators.Add(result => ToolOptions.Check<int>(result, _threads, value => value >= 1, "a whole number of at least 1"));
        command.Add(_folders);
        command.Add(_precision);
        _softTokens.Validators.Add(result => ToolOptions.Check<int>(result, _softTokens, value => value is 70 or 140 or 280 or 560 or 1120, "70, 140, 280, 560 or 1120"));
        _dimensions.Validators.Add(result => ToolOptions.Check<int>(result, _dimensions, value => value >= 1, "a whole number of at least 1"));
        command.Add(_softTokens);
        command.Add(_dimensions);
        command.Add(_threads);
        _pictures = readsPictures ? new PictureOptions(command, orientation) : null;
    }

    /// <summary>How pictures are read, where the command reads any.</summary>
    public PictureOptions Pictures => _pictures ?? throw new InvalidOperationException("The command reads no pictures.");

    /// <summary>How an embedding service is asked; <see langword="null"/> where the command runs model folders alone.</summary>
    public ServiceOptions? Services
    {
        get;
        init
        {
            field = value;
            _folders.Description += " Or a service and its name for the model, such as voyage:voyage-multimodal-3.5; see --service-endpoint and the like.";
            _folders.HelpName = "DIR|SERVICE:MODEL";
        }
    }

    public bool IsGiven(ParseResult arguments) => Folders(arguments).Count > 0;

    public IReadOnlyList<DirectoryInfo> Folders(ParseResult arguments) => arguments.GetValue(_folders) ?? [];

    /// <summary>Opens the model, to read pictures as the options say, or else as a gallery did.</summary>
    /// <exception cref="BadUsageException">The options ask for another reading than the gallery's.</exception>
    public OnnxModelFolder Open(ParseResult arguments, ImageReading? gallery = null) => OnnxModelFolder.Open(Folders(arguments)[0].ToString(), ReadOptions(arguments, gallery));

    /// <summary>Opens the model, folder or service, to make its encoders.</summary>
    /// <exception cref="BadUsageException">The options ask for what the model does not have.</exception>
    public EncoderSource OpenEncoders(ParseResult arguments, ImageReading? gallery = null)
        => ServiceOf(arguments) is { } service ? OpenService(arguments, service, null, null) : OfFolder(arguments, Open(arguments, gallery));

    /// <summary>Opens the model, folder or service, that a gallery was indexed with, unless the options name another place of it.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="indexed">What the gallery says of its model.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="reading">How the gallery's pictures were read.</param>
    /// <param name="answers">The file that keeps a service's answers where the options name none; <see langword="null"/> for none.</param>
    /// <exception cref="BadUsageException">Neither says where the model is, or the options ask for what the model does not have.</exception>
    public EncoderSource OpenEncoders(ParseResult arguments, IndexedModel? indexed, DirectoryInfo gallery, ImageReading? reading, string? answers = null)
        => (IsGiven(arguments) ? ServiceOf(arguments) : indexed?.Service is null ? null : indexed.Name) is { } service
            ? OpenService(arguments, service, indexed?.Name == service ? indexed.Service : null, answers)
            : OfFolder(arguments, Open(arguments, indexed, gallery, reading));

    /// <summary>Whether the model is behind a service.</summary>
    public bool IsService(ParseResult arguments, IndexedModel? indexed) => IsGiven(arguments) ? ServiceOf(arguments) is not null : indexed?.Service is not null;

    private OnnxModelFolder Open(ParseResult arguments, IndexedModel? indexed, DirectoryInfo gallery, ImageReading? reading = null)
    {
        if (IsGiven(arguments))
        {
            return Open(arguments, reading);
        }

        if (indexed is null)
        {
            throw new BadUsageException($"The gallery '{gallery}' does not say where its model is. Give --model.");
        }

        OnnxModelOptions options = ReadOptions(arguments, reading);
        return OnnxModelFolder.Open(indexed.Name, new OnnxModelOptions(options)
        {
            Precision = options.Precision ?? (indexed.Precision is { } precision ? ModelPrecision.Parse(precision) : null),
            SoftTokens = options.SoftTokens ?? indexed.SoftTokens,
            Dimensions = options.Dimensions ?? indexed.Dimensions,
        });
    }

    /// <summary>How many components of an embedding are kept, where the options say.</summary>
    public int? Dimensions(ParseResult arguments) => arguments.GetValue(_dimensions);

    /// <summary>Which variant of the graphs is asked for.</summary>
    public string? Precision(ParseResult arguments) => arguments.GetValue(_precision);

    /// <summary>What a gallery has to remember of the options to open the same model again.</summary>
    public IndexedModel Remember(ParseResult arguments) => Remember(arguments, ServiceOf(arguments) ?? Folders(arguments)[0].FullName);

    /// <summary>The same of a model that another option than --model named.</summary>
    public IndexedModel Remember(ParseResult arguments, string model) => HttpEmbeddingModel.IsName(model) && Services is { } services
        ? new IndexedModel(model, null) { Service = services.Remember(arguments, Dimensions(arguments)) }
        : new IndexedModel(model, Precision(arguments)) { SoftTokens = arguments.GetValue(_softTokens), Dimensions = Dimensions(arguments) };

    private string? ServiceOf(ParseResult arguments)
        => Folders(arguments) is [var first, ..] && HttpEmbeddingModel.IsName(first.ToString()) ? first.ToString() : null;

    private EncoderSource OfFolder(ParseResult arguments, OnnxModelFolder folder)
    {
        Services?.ThrowIfGiven(arguments);
        return EncoderSource.FromFolder(folder, () => Pictures.Decoder(arguments));
    }

    private EncoderSource OpenService(ParseResult arguments, string service, IndexedService? indexed, string? answers)
    {
        string? stray = ((Option[])[_precision, _softTokens, _threads]).FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false })?.Name
            ?? Pictures.FirstReading(arguments);
        return stray is not null ? throw new BadUsageException($"{stray} is for model folders; '{service}' is behind a service, which reads pictures its own way.")
            : Services is { } services ? services.Open(arguments, service, Dimensions(arguments), indexed, answers, Pictures)
            : throw new BadUsageException($"The model '{service}' is behind a service, which 'cir {_command}' cannot ask.");
    }

    public OnnxModelOptions ReadOptions(ParseResult arguments, ImageReading? gallery = null)
    {
        if (gallery is not null)
        {
            Pictures.ThrowIfContrary(arguments, gallery);
        }

        OnnxModelOptions options = new()
        {
            Precision = arguments.GetValue(_precision) is { } name ? ModelPrecision.Parse(name) : null,
            SoftTokens = arguments.GetValue(_softTokens),
            Dimensions = arguments.GetValue(_dimensions),
            IdentityCache = ToolFolders.ModelIds,
            Execution = new OnnxExecutionOptions
            {
                Threads = arguments.GetValue(_threads) ?? 0,
                OptimizedGraphCache = ToolFolders.Graphs,
                OptimizedGraphCacheByStamp = true,
            },
        };
        if (_pictures is not null)
        {
            options.DecodeOptions = _pictures.Read(arguments, gallery);
            options.ResizeOrder = gallery?.ResizeOrder ?? _pictures.ResizeOrder(arguments);
        }

        return options;
    }
}
