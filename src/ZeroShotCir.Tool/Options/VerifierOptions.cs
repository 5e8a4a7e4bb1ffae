using System.CommandLine;
using System.CommandLine.Parsing;

namespace ZeroShotCir.Tool.Options;

/// <summary>The options that let a chat model look at the first images of every ranking.</summary>
internal sealed class VerifierOptions
{
    private readonly Option<string?> _model = new("--verifier")
    {
        Description = "Also put the first images of a ranking into the order of a chat model that looks at them.",
        HelpName = $"{ChatModelOptions.Prefix}MODEL",
    };

    private readonly Option<int> _top = ToolOptions.Count("--verify-top", 10, "How many images of a ranking it looks at.");
    private readonly Option<string> _form = new("--verify-by")
    {
        Description = "What it says of them: a number from 0 to 10 each; yes or no each, by the probabilities of its first token where the server "
            + "gives them; or the order of all in one request, shown in one numbered grid or as a list.",
        HelpName = "fit|yes-no|grid|list",
        DefaultValueFactory = _ => "fit",
    };

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Only say how many requests, pictures and tokens it would take, and with --price what that costs. No chat model is asked.",
    };

    private readonly Option<FileInfo?> _verdicts = new("--verdicts")
    {
        Description = "Where its verdicts go. What the file already holds is not asked for again.",
        HelpName = "FILE.jsonl",
    };

    /// <param name="command">The command.</param>
    /// <param name="chat">How the model is called.</param>
    /// <param name="keepsVerdicts">Whether there must be a file for its verdicts: many are dear.</param>
    public VerifierOptions(Command command, ChatModelOptions chat, bool keepsVerdicts = true)
    {
        Chat = chat;
        _model.Validators.Add(ChatModelOptions.RequirePrefix);
        _form.AcceptOnlyFromAmong("fit", "yes-no", "grid", "list");
        foreach (Option option in (Option[])[_model, _top, _form, _dryRun, _verdicts])
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            bool hasModel = result.GetValue(_model) is not null, hasFile = result.GetValue(_verdicts) is not null;
            if (hasFile && !hasModel)
            {
                result.AddError($"{_verdicts.Name} is for {_model.Name}.");
            }
            else if (hasModel && !hasFile && keepsVerdicts)
            {
                result.AddError($"{_model.Name} needs {_verdicts.Name} FILE.jsonl, so that no verdict is paid for twice.");
            }
        });
    }

    public ChatModelOptions Chat { get; }

    /// <summary>Whether only the cost is asked for.</summary>
    public bool IsDryRun(ParseResult arguments) => arguments.GetValue(_dryRun);

    public bool IsGiven(CommandResult result) => result.GetValue(_model) is not null;

    /// <summary>The name of a form as it is typed.</summary>
    public static string NameOf(VerifierForm form) => form switch
    {
        VerifierForm.Fit => "fit",
        VerifierForm.YesNo => "yes-no",
        VerifierForm.Grid => "grid",
        _ => "list",
    };

    /// <summary>What is asked for; <see langword="null"/> where nothing is.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="others">Another model that the options for chat models, and a dry run, may be for; <see langword="null"/> where there is none.</param>
    /// <exception cref="BadUsageException">There is no model that other options could be for.</exception>
    public AskedVerification? Read(ParseResult arguments, string? others = null)
    {
        if (arguments.GetValue(_model) is { } spec)
        {
            VerifierForm form = Enum.GetValues<VerifierForm>().First(form => NameOf(form) == arguments.GetValue(_form));
            return new AskedVerification(ChatModelOptions.ModelOf(spec), arguments.GetValue(_top), arguments.GetValue(_verdicts), form, IsDryRun(arguments));
        }

        string? useless = ((Option[])[_top, _form]).FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false })?.Name
            ?? (others is not null ? null : arguments.GetResult(_dryRun) is { Implicit: false } ? _dryRun.Name : Chat.FirstGiven(arguments));
        return useless is null ? null : throw new BadUsageException($"{useless} is for chat models; give {_model.Name} {ChatModelOptions.Prefix}MODEL.");
    }
}
