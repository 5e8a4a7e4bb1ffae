using System.CommandLine;
using ZeroShotCir.Answers;
using ZeroShotCir.Extensions.Http.Embeddings;
using ZeroShotCir.Extensions.Http.Services;
using ZeroShotCir.Tool.Places;

namespace ZeroShotCir.Tool.Options;

/// <summary>The options that say how an embedding service is asked, where --model names one: <c>voyage:voyage-multimodal-3.5</c>.</summary>
internal sealed class ServiceOptions
{
    private readonly Option<string?> _endpoint;
    private readonly Option<string?> _keyVariable = new("--service-key-variable")
    {
        Description = "The environment variable that holds the key of the service of --model; without it, the one that its own programs read.",
        HelpName = "NAME",
    };

    private readonly Option<FileInfo?> _answers;
    private readonly Option<string?> _instruction = new("--instruction")
    {
        Description = "What the service of --model is told about queries in words, where it takes that.",
        HelpName = "TEXT",
    };

    private readonly Option<string?> _price = new("--service-price")
    {
        Description = "What the service of --model costs a million tokens, and a thousand images where it counts them apart, to add up the cost: 0.12 or 0.12:0.47.",
        HelpName = "TOKENS[:IMAGES]",
    };

    /// <param name="command">The command.</param>
    /// <param name="hasShortNames">Whether endpoint and answers have short names, too, which other commands use for something else.</param>
    public ServiceOptions(Command command, bool hasShortNames = false)
    {
        _endpoint = new Option<string?>("--service-endpoint", hasShortNames ? ["--endpoint"] : [])
        {
            Description = "Where the service of --model answers, if not at its own address.",
            HelpName = "URL",
        };
        _answers = new Option<FileInfo?>("--service-answers", hasShortNames ? ["--store"] : [])
        {
            Description = "Keep in this file what the service of --model answers, so that nothing is paid for twice.",
            HelpName = "FILE.jsonl",
        };
        _endpoint.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } given && ServerUrl.Parse(given) is null)
            {
                result.AddError($"{result.IdentifierToken?.Value ?? _endpoint.Name} is '{given}', expected an address such as http://localhost:8000/v1.");
            }
        });
        _price.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } given && Price(given) is null)
            {
                result.AddError($"{_price.Name} is '{given}', expected one number or two separated by a colon, such as 0.12:0.47.");
            }
        });
        foreach (Option option in All)
        {
            command.Add(option);
        }
    }

    private Option[] All => [_endpoint, _keyVariable, _answers, _instruction, _price];

    /// <summary>Refuses options for services where the model is a folder.</summary>
    /// <exception cref="BadUsageException">One of them was given.</exception>
    public void ThrowIfGiven(ParseResult arguments)
    {
        if (All.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false }) is { } given)
        {
            throw new BadUsageException($"{given.Name} is for a model behind a service, such as --model voyage:voyage-multimodal-3.5.");
        }
    }

    /// <summary>What a gallery has to remember to ask the same service again.</summary>
    public IndexedService Remember(ParseResult arguments, int? dimensions) => new(
        arguments.GetValue(_endpoint), arguments.GetValue(_instruction), dimensions);

    /// <summary>Opens a model behind a service; its key is in the environment.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="name">Service and model.</param>
    /// <param name="dimensions">How many components an embedding has, where the options say.</param>
    /// <param name="indexed">What a gallery remembers of the service; <see langword="null"/> for none.</param>
    /// <param name="answers">The file that keeps answers where the options name none; <see langword="null"/> for none.</param>
    /// <param name="pictures">How pictures are read.</param>
    /// <exception cref="BadUsageException">The key is not there, the service needs what was not said, or the options ask otherwise than the gallery was made.</exception>
    public EncoderSource Open(ParseResult arguments, string name, int? dimensions, IndexedService? indexed, string? answers, PictureOptions pictures)
    {
        if (indexed is not null && arguments.GetValue(_instruction) is { } other && other != indexed.Instruction)
        {
            string made = indexed.Instruction is { } known ? $"with the instruction '{known}'" : "without an instruction";
            throw new BadUsageException($"The gallery was made {made}; asked otherwise, {name} writes embeddings that cannot be compared. Leave {_instruction.Name} out.");
        }

        string? address = arguments.GetValue(_endpoint) ?? indexed?.Endpoint;
        string? file = arguments.GetValue(_answers)?.FullName ?? answers;
        List<IDisposable> owned = [];
        DirectoryInfo? madeFolder = null;
        try
        {
            EmbeddingService service = EmbeddingService.Find(name.Split(':')[0]);
            HttpEmbeddingOptions options = new()
            {
                Key = Key(service, arguments.GetValue(_keyVariable), arguments.GetValue(_endpoint) is null ? indexed?.Endpoint : null),
                Dimensions = dimensions ?? indexed?.Dimensions,
                Endpoint = address is null ? null : new Uri(address),
                Instruction = arguments.GetValue(_instruction) ?? indexed?.Instruction,
                Price = arguments.GetValue(_price) is { } price ? Price(price) : null,
            };
            if (file is not null)
            {
                string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
                madeFolder = Directory.Exists(folder) ? null : Directory.CreateDirectory(folder);
                options.Store = AnswerStore.Open(file);
                owned.Add(options.Store);
            }

            HttpClient http = new() { Timeout = Timeout.InfiniteTimeSpan };
            owned.Add(http);
            return EncoderSource.FromService(HttpEmbeddingModel.Open(name, http, options), owned, () => pictures.Decoder(arguments), pictures.Read(arguments));
        }
        catch (Exception e)
        {
            foreach (IDisposable opened in Enumerable.Reverse(owned))
            {
                opened.Dispose();
            }

            // A model that cannot be opened keeps no answers; what somebody else put there meanwhile stays, and hides no error.
            if (madeFolder?.EnumerateFileSystemInfos().Any() == false)
            {
                madeFolder.Delete();
            }

            throw e is ArgumentException ? new BadUsageException(Messages.Describe(e).Replace("HttpEmbeddingOptions.Dimensions", "--dimensions", StringComparison.Ordinal)) : e;
        }
    }

    // Never printed, and never on a command line, which others can read. An address that a gallery alone names gets no key: the gallery may be somebody else's.
    private string? Key(EmbeddingService service, string? asked, string? remembered)
    {
        if ((asked ?? service.KeyVariable) is not { } variable)
        {
            return null;
        }

        if (asked is null && remembered is not null)
        {
            throw new BadUsageException(
                $"The gallery asks {service} at {remembered}. If the key in {variable} is meant for that address, say so with {_endpoint.Name} {remembered}.");
        }

        return ChatEndpoint.Key(variable)
            ?? throw new BadUsageException($"The key of {service} is not there. Put it into the environment variable {variable}.");
    }

    private static EmbeddingPrice? Price(string text)
        => PriceText.Parse(text) is { Length: 1 or 2 } numbers
            ? new EmbeddingPrice { PerMillionTokens = numbers[0], PerThousandImages = numbers.ElementAtOrDefault(1) }
            : null;
}
