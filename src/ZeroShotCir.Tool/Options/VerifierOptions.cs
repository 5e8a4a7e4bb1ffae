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

    private readonly Option<int> _top = ToolOptions.Count("--verify-top", 10, "How many images of every ranking it looks at.");
    private readonly Option<string> _form = new("--verify-by")
    {
        Description = "What it says of them: a number from 0 to 10 each; yes or no each, by the probabilities of its first token where the server "
            + "gives them; or the order of all in one request, shown in one numbered grid or as a list.",
        HelpName = "fit|yes-no|grid|list",
        DefaultValueFactory = _ => "fit",
    };

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Only say how many requests, pictures and tokens it would take, and with --price what that costs. Nothing is sent.",
    };

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
        _form.AcceptOnlyFromAmong("fit", "yes-no", "grid", "list");
        command.Add(_form);
        command.Add(_dryRun);
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

    /// <summary>The name of a form as it is typed.</summary>
    public static string NameOf(VerifierForm form) => form switch
    {
        VerifierForm.Fit => "fit",
        VerifierForm.YesNo => "yes-no",
        VerifierForm.Grid => "grid",
        _ => "list",
    };

    /// <summary>What is asked for; <see langword="null"/> where nothing is.</summary>
    /// <exception cref="BadUsageException">There is no verifier that other options could be for.</exception>
    public AskedVerification? Read(ParseResult arguments)
    {
        if (arguments.GetValue(_model) is { } spec)
        {
            VerifierForm form = Enum.GetValues<VerifierForm>().First(form => NameOf(form) == arguments.GetValue(_form));
            return new AskedVerification(ChatModelOptions.ModelOf(spec), arguments.GetValue(_top), arguments.GetValue(_verdicts)!, form, arguments.GetValue(_dryRun));
        }

        string? useless = new Option[] { _top, _form, _dryRun }.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false })?.Name ?? Chat.FirstGiven(arguments);
        return useless is null ? null : throw new BadUsageException($"{useless} is for chat models; give --verifier {ChatModelOptions.Prefix}MODEL.");
    }
}
