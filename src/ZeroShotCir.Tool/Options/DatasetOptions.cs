using System.CommandLine;
using System.CommandLine.Parsing;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Sessions;
using ZeroShotCir.Tool.Places;

namespace ZeroShotCir.Tool.Options;

/// <summary>The options that say what is evaluated.</summary>
internal sealed class DatasetOptions
{
    /// <summary>The data set of sessions.</summary>
    public const string Sessions = "circled";

    /// <summary>A data set of one's own, whose queries may be turns of sessions.</summary>
    public const string Own = "queries";

    private readonly Option<string> _dataset;
    private readonly Option<DirectoryInfo> _root = new("--root") { Description = "The folder of its official layout.", HelpName = "DIR" };
    private readonly Option<string> _split = new("--split") { Description = "The split.", HelpName = "NAME", DefaultValueFactory = _ => "val" };
    private readonly Option<string[]> _categories = new("--category")
    {
        Description = "FashionIQ's categories, the tasks of GeneCIS or M-BEIR, PatternCom's attributes, CIRCLED's subsets; without it, all of them and their average.",
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string> _gallery = new("--gallery")
    {
        Description = "FashionIQ's gallery: the split file's, or the smaller union of references and targets (VAL protocol).",
        HelpName = "split|union",
        DefaultValueFactory = _ => "split",
    };

    /// <param name="command">The command.</param>
    /// <param name="isRequired">Whether a data set must be named.</param>
    /// <param name="hasSessions">Whether sessions are data sets, too: their turns.</param>
    /// <param name="replays">Whether their turns are replayed, so that what becomes of earlier turns is an option.</param>
    public DatasetOptions(Command command, bool isRequired = true, bool hasSessions = false, bool replays = false)
    {
        string[] names = [.. DatasetReader.Names, .. hasSessions ? [Sessions] : Array.Empty<string>()];
        _dataset = new("--dataset") { Description = "The data set.", HelpName = string.Join('|', names) };
        _dataset.Required = _root.Required = isRequired;
        _dataset.AcceptOnlyFromAmong(names);
        _gallery.AcceptOnlyFromAmong("split", "union");
        command.Add(_dataset);
        command.Add(_root);
        command.Add(_split);
        command.Add(_categories);
        command.Add(_gallery);
        ReplayOptions = hasSessions ? new ReplayOptions(command, replays) : null;
        if (!isRequired)
        {
            command.Validators.Add(CheckTogether);
        }
    }

    /// <summary>The options for sessions, where the command takes them.</summary>
    public ReplayOptions? ReplayOptions { get; }

    /// <summary>Whether sessions are asked for: of the data set that has nothing else, or of one's own by --history.</summary>
    public bool HasSessions(ParseResult arguments)
        => arguments.GetValue(_dataset) == Sessions || (arguments.GetValue(_dataset) == Own && ReplayOptions?.HasHistory(arguments) == true);

    /// <summary>Whether they are those of a data set of one's own.</summary>
    public bool HasOwnSessions(ParseResult arguments) => arguments.GetValue(_dataset) == Own;

    /// <summary>Reads the sessions.</summary>
    public IReadOnlyList<SessionDataset> ReadSessions(ParseResult arguments) => HasOwnSessions(arguments)
        ? [.. DatasetReader.Read(Own, Root(arguments)).Select(SessionDataset.FromQueries)]
        : ReplayOptions!.Read(arguments, Root(arguments), Categories(arguments));

    public bool IsGiven(ParseResult arguments) => arguments.GetValue(_dataset) is not null;

    /// <summary>These options as they were given, for the command line of a part.</summary>
    public string ArgumentsOf(ParseResult arguments)
    {
        Option[] options = [_dataset, _root, _split, _categories, _gallery];
        return string.Join(' ', options
            .Select(arguments.GetResult)
            .Where(result => result is { Implicit: false })
            .Select(result => $"{result!.Option.Name} {string.Join(' ', result.Tokens.Select(token => CommandLineWord.Quoted(token.Value)))}"));
    }

    public string Root(ParseResult arguments) => arguments.GetRequiredValue(_root).ToString();

    public string Name(ParseResult arguments) => arguments.GetRequiredValue(_dataset);

    public string Split(ParseResult arguments) => arguments.GetRequiredValue(_split);

    public IReadOnlyList<string> Categories(ParseResult arguments) => arguments.GetRequiredValue(_categories);

    /// <summary>Reads the annotations; other categories than the options' where features dictate them.</summary>
    public IReadOnlyList<EvaluationDataset> Read(ParseResult arguments, IReadOnlyList<string>? categories = null) => HasSessions(arguments)
        ? [.. ReadSessions(arguments).Select(sessions => sessions.Turns)]
        : DatasetReader.Read(
        Name(arguments),
        Root(arguments),
        Split(arguments),
        categories ?? Categories(arguments),
        arguments.GetValue(_gallery) == "union" ? GalleryProtocol.ValUnion : GalleryProtocol.Split);

    // None of them means anything without the two that name the data set.
    private void CheckTogether(CommandResult result)
    {
        Option[] options = [_dataset, _root, _split, _categories, _gallery];
        bool isComplete = result.GetResult(_dataset) is { Implicit: false } && result.GetResult(_root) is { Implicit: false };
        if (!isComplete && options.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } given)
        {
            result.AddError($"{given.Name} needs both --dataset and --root.");
        }
    }
}
