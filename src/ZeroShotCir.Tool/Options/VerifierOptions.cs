using System.CommandLine;

namespace ZeroShotCir.Tool.Options;

/// <summary>The options that let a chat model look at the first images of every ranking.</summary>
internal sealed class VerifierOptions
{
    private readonly Option<string?> _model = new("--verifier")
    {
        Description = "Also put the first images of every ranking into the order of a chat model that looks at them.",
        HelpName = $"{ChatModelOptions.Prefix}MODEL",
    };

    private readonly Option<int> _top = ToolOptions.Count("--verify-top", 10, "How many images of every ranking it looks at; one request each.");
    private readonly Option<FileInfo?> _verdicts = new("--verdicts")
    {
        Description = "Where its verdicts go. What the file already holds is not asked for again.",
        HelpName = "FILE.jsonl",
    };

    public VerifierOptions(Command command)
    {
        _model.Validators.Add(ChatModelOptions.RequirePrefix);
        command.Add(_model);
        command.Add(_top);
        command.Add(_verdicts);
        Chat = new ChatModelOptions(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_model) is null == result.GetValue(_verdicts) is not null)
            {
                result.AddError(result.GetValue(_model) is null
                    ? "--verdicts is for --verifier."
                    : "--verifier needs --verdicts FILE.jsonl, so that no verdict is paid for twice.");
            }
        });
    }

    public ChatModelOptions Chat { get; }

    /// <summary>The model, how many images it looks at, and where its verdicts go; <see langword="null"/> where none is asked for.</summary>
    /// <exception cref="BadUsageException">There is no verifier that other options could be for.</exception>
    public (string Model, int Top, FileInfo Verdicts)? Read(ParseResult arguments)
    {
        if (arguments.GetValue(_model) is { } spec)
        {
            return (ChatModelOptions.ModelOf(spec), arguments.GetValue(_top), arguments.GetValue(_verdicts)!);
        }

        string? useless = arguments.GetResult(_top) is { Implicit: false } ? _top.Name : Chat.FirstGiven(arguments);
        return useless is null ? null : throw new BadUsageException($"{useless} is for chat models; give --verifier {ChatModelOptions.Prefix}MODEL.");
    }
}
