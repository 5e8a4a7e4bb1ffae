using System.CommandLine;
using System.CommandLine.Parsing;

namespace ZeroShotCir.Tool.Options;

/// <summary>The options that let a chat model describe the pictures that queries search for.</summary>
internal sealed class ComposerOptions
{
    private const string Image = "image", Captions = "captions", Both = "both";
    private readonly Option<string?> _model;
    private readonly Option<string> _from = new("--from")
    {
        Description = "What it gets of the reference: the image (as in OSrCIR), its captions (as in CIReVL; the model needs no eyes), or both.",
        HelpName = $"{Image}|{Captions}|{Both}",
        DefaultValueFactory = _ => Image,
    };

    private readonly Option<int> _count = ToolOptions.Count("--count", 1, "How many descriptions of each target; their directions are averaged (as in LDRE).");

    public ComposerOptions(Command command, string description, bool isRequired)
    {
        _model = new Option<string?>("--composer") { Description = description, HelpName = $"{ChatModelOptions.Prefix}MODEL", Required = isRequired };
        _model.Validators.Add(ChatModelOptions.RequirePrefix);
        _from.AcceptOnlyFromAmong(Image, Captions, Both);
        foreach (Option option in (Option[])[_model, _from, _count])
        {
            command.Add(option);
        }
    }

    /// <summary>The chat model; <see langword="null"/> where none is asked for.</summary>
    public string? Model(ParseResult arguments) => arguments.GetValue(_model) is { } spec ? ChatModelOptions.ModelOf(spec) : null;

    public bool IsGiven(CommandResult result) => result.GetValue(_model) is not null;

    /// <summary>What the model gets of the reference, as it was typed.</summary>
    public string From(CommandResult result) => result.GetValue(_from) ?? Image;

    public bool ShowsImage(ParseResult arguments) => arguments.GetValue(_from) != Captions;

    public bool ShowsCaptions(ParseResult arguments) => arguments.GetValue(_from) != Image;

    public int Count(ParseResult arguments) => arguments.GetValue(_count);

    /// <summary>An option that was given, for commands that may do without the model.</summary>
    public string? FirstGiven(CommandResult result) => ((Option[])[_from, _count]).FirstOrDefault(option => result.GetResult(option) is { Implicit: false })?.Name;
}
