using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.Extensions.AI;
using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Tool.Places;

namespace ZeroShotCir.Tool.Options;

/// <summary>The options that say how a chat model is called, by any OpenAI-compatible endpoint.</summary>
internal sealed class ChatModelOptions
{
    /// <summary>What stands before the name of a chat model where other kinds of models are accepted too.</summary>
    public const string Prefix = "openai:";

    private readonly Option<Uri> _endpoint = new("--endpoint")
    {
        Description = "Where the chat model is: any OpenAI-compatible endpoint, such as http://localhost:11434/v1 for Ollama.",
        HelpName = "URL",
        CustomParser = result => ServerUrl.Parse(result.Tokens[0].Value) ?? Refuse(result),
        DefaultValueFactory = _ => ChatEndpoint.OpenAI,
    };

    private readonly Option<string> _keyVariable = new("--key-variable")
    {
        Description = "The environment variable that holds the key of the endpoint.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "OPENAI_API_KEY",
    };

    private readonly Option<int> _concurrency = ToolOptions.Count("--concurrency", 4, "How many requests are under way at once.");
    private readonly Option<int> _timeout = ToolOptions.Count("--timeout", 120, "How many seconds one attempt may take.");
    private readonly Option<int> _retries = new("--retries") { Description = "How often a request is sent again after it failed.", HelpName = "N", DefaultValueFactory = _ => 6 };
    private readonly Option<int> _maxWait = ToolOptions.Count("--max-wait", 120, "How many seconds to wait at most where the server asks for a pause.");
    private readonly Option<int> _maxEdge = ToolOptions.Count("--max-edge", 768, "The longer edge that pictures are scaled down to, in pixels.");
    private readonly Option<float?> _temperature = new("--temperature")
    {
        Description = "How freely the model chooses its words; without it, as the model likes.",
        HelpName = "0..2",
    };

    private readonly Option<string> _structuredOutput = new("--structured-output")
    {
        Description = "How the model is told which JSON to answer with; prompt is for servers that refuse a schema.",
        HelpName = "schema|prompt",
        DefaultValueFactory = _ => "schema",
    };

    private readonly Option<string?> _price = new("--price") { Description = "What a million tokens cost, in and out, to add up the cost: 2.5:10.", HelpName = "IN:OUT" };

    public ChatModelOptions(Command command)
    {
        _structuredOutput.AcceptOnlyFromAmong("schema", "prompt");
        _retries.Validators.Add(result => ToolOptions.Check<int>(result, _retries, value => value >= 0, "a whole number of at least 0"));
        _temperature.Validators.Add(result => ToolOptions.Check<float>(result, _temperature, value => value is >= 0 and <= 2, "a number from 0 to 2"));
        _price.Validators.Add(result => Expect(
            result, result.GetValueOrDefault<string?>() is not { } text || Price(text) is not null, "two numbers separated by a colon, such as 2.5:10"));
        foreach (Option option in All)
        {
            command.Add(option);
        }
    }

    private Option[] All => [_endpoint, _keyVariable, _concurrency, _timeout, _retries, _maxWait, _maxEdge, _temperature, _structuredOutput, _price];

    /// <summary>An option that was given, for commands that may do without a chat model.</summary>
    public string? FirstGiven(ParseResult arguments) => All.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false })?.Name;

    public int Concurrency(ParseResult arguments) => arguments.GetValue(_concurrency);

    /// <summary>The client of a model and how it is called; pictures that are scaled down for it are upright unless the options say otherwise.</summary>
    public (IChatClient Client, ChatSettings Settings) Connect(ParseResult arguments, string model, DecodeOptions? pictures = null, IImageDecoder? decoder = null)
    {
        TimeSpan timeout = TimeSpan.FromSeconds(arguments.GetValue(_timeout));
        return (
            ChatEndpoint.Connect(arguments.GetRequiredValue(_endpoint), model, arguments.GetRequiredValue(_keyVariable), timeout),
            new ChatSettings
            {
                ModelId = model,
                MaxConcurrency = arguments.GetValue(_concurrency),
                Timeout = timeout,
                MaxRetries = arguments.GetValue(_retries),
                MaxDelay = TimeSpan.FromSeconds(arguments.GetValue(_maxWait)),
                Shrinker = new SkiaImageShrinker(decoder ?? PictureDecoders.Default, pictures),
                MaxEdge = arguments.GetValue(_maxEdge),
                Temperature = arguments.GetValue(_temperature),
                StructuredOutput = arguments.GetValue(_structuredOutput) == "prompt" ? StructuredOutput.Prompt : StructuredOutput.JsonSchema,
                Price = arguments.GetValue(_price) is { } price ? Price(price) : null,
                Secrets = ChatEndpoint.Key(arguments.GetRequiredValue(_keyVariable)) is { } key ? [key] : [],
                Names = Names(arguments),
            });
    }

    // Messages speak of options as they are typed.
    private ChatSettingNames Names(ParseResult arguments)
    {
        bool limitsTokens = arguments.CommandResult.Command.Options.Any(option => option.Name == "--max-tokens");
        return new ChatSettingNames
        {
            Key = $"the key in the environment variable {arguments.GetRequiredValue(_keyVariable)} ({_keyVariable.Name})",
            Endpoint = _endpoint.Name,
            Model = $"the name behind {Prefix}",
            StructuredOutput = $"{_structuredOutput.Name} prompt",
            MaxRetries = _retries.Name,
            MaxConcurrency = _concurrency.Name,
            Timeout = _timeout.Name,
            MaxDelay = _maxWait.Name,
            MaxEdge = _maxEdge.Name,
            MaxOutputTokens = limitsTokens ? "--max-tokens" : "the server's settings",
            Optional = limitsTokens ? $"{_temperature.Name}, --max-tokens and --seed" : _temperature.Name,
        };
    }

    /// <summary>Refuses anything but the name of a chat model behind the prefix.</summary>
    public static void RequirePrefix(OptionResult result)
        => Expect(
            result,
            result.GetValueOrDefault<string>() is not { } spec || (spec.StartsWith(Prefix, StringComparison.Ordinal) && spec.Length > Prefix.Length),
            $"{Prefix}MODEL");

    /// <summary>The name behind the prefix.</summary>
    public static string ModelOf(string spec) => spec[Prefix.Length..];

    private static ChatPrice? Price(string text)
        => PriceText.Parse(text) is [var input, var output] ? new ChatPrice(input, output) : null;

    private static void Expect(OptionResult result, bool holds, string expected)
    {
        if (!holds)
        {
            result.AddError($"{result.Option.Name} is '{result.Tokens[0].Value}', expected {expected}.");
        }
    }

    private static Uri Refuse(ArgumentResult result)
    {
        result.AddError($"--endpoint is '{result.Tokens[0].Value}', expected a URL such as http://localhost:11434/v1.");
        return ChatEndpoint.OpenAI;
    }
}
