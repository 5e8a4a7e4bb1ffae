using System.CommandLine;
using System.CommandLine.Parsing;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Sessions;
using ZeroShotCir.Sessions;

namespace ZeroShotCir.Tool.Options;

/// <summary>The options for sessions of several turns: whose images they search, and what becomes of earlier turns.</summary>
internal sealed class ReplayOptions
{
    private readonly Option<DirectoryInfo?> _galleryRoot = new("--gallery-root")
    {
        Description = "For circled: the data set whose images its sessions search, or the folder that holds FashionIQ, CIRR and CIRCO.",
        HelpName = "DIR",
    };

    private readonly Option<DirectoryInfo?> _galleryFeatures = new("--gallery-features")
    {
        Description = "For circled with --features: the stored embeddings of those images, or a folder of such folders.",
        HelpName = "DIR",
    };

    private readonly Option<string> _history = new("--history")
    {
        Description = "For sessions, of circled or of one's own: what a turn makes of those before it, with parameters behind a colon, such as fading:keep=0.6.",
        HelpName = string.Join('|', SessionHistory.Names),
        DefaultValueFactory = _ => SessionHistory.LastTurn.Name,
    };

    private readonly Option<bool> _excludesReferences = new("--exclude-references")
    {
        Description = "For sessions: take the reference pictures of this and earlier turns out of a ranking.",
    };

    public ReplayOptions(Command command, bool replays)
    {
        command.Add(_galleryRoot);
        if (replays)
        {
            command.Add(_galleryFeatures);
            command.Add(_history);
            command.Add(_excludesReferences);
            _history.Validators.Add(result =>
            {
                try
                {
                    SessionHistory.Parse(result.GetValueOrDefault<string>() ?? string.Empty);
                }
                catch (FormatException e)
                {
                    result.AddError(e.Message);
                }
            });
        }

        command.Validators.Add(result =>
        {
            Option[] ofFiles = [_galleryRoot, _galleryFeatures], ofSessions = [_history, _excludesReferences];
            OptionResult[] options = [.. result.Children.OfType<OptionResult>().Where(child => !child.Implicit)];
            string? dataset = options.FirstOrDefault(child => child.Option.Name == "--dataset")?.Tokens is [{ Value: var name }] ? name : null;
            bool isAsked = dataset == DatasetOptions.Sessions, isOwn = dataset == DatasetOptions.Own;
            OptionResult? given = options.FirstOrDefault(child => ofFiles.Contains(child.Option) || (!isOwn && ofSessions.Contains(child.Option)));
            if (!isAsked && given is not null)
            {
                string others = ofSessions.Contains(given.Option) ? $", or --dataset {DatasetOptions.Own}," : "";
                result.AddError($"{given.Option.Name} is for sessions; give --dataset {DatasetOptions.Sessions}{others} with it.");
            }
            else if (isOwn && result.GetResult(_excludesReferences) is { Implicit: false } && result.GetResult(_history) is not { Implicit: false })
            {
                result.AddError($"{_excludesReferences.Name} is for sessions; give {_history.Name} with it.");
            }
            else if (isAsked && result.GetValue(_galleryRoot) is null)
            {
                result.AddError($"--dataset {DatasetOptions.Sessions} has sessions but no images: give --gallery-root DIR with the data set whose images they search.");
            }
        });
    }

    /// <summary>Whether a history was asked for.</summary>
    public bool HasHistory(ParseResult arguments) => arguments.GetResult(_history) is { Implicit: false };

    public SessionHistory History(ParseResult arguments) => SessionHistory.Parse(arguments.GetRequiredValue(_history));

    public bool ExcludesReferences(ParseResult arguments) => arguments.GetValue(_excludesReferences);

    public DirectoryInfo? GalleryFeatures(ParseResult arguments) => arguments.GetValue(_galleryFeatures);

    /// <summary>The data set whose images a subset searches.</summary>
    public EvaluationDataset Gallery(ParseResult arguments, string subset) => SessionGallery.Read(arguments.GetRequiredValue(_galleryRoot)!.ToString(), subset);

    /// <summary>The sessions of the subsets that were asked for, or of all whose files are there.</summary>
    public IReadOnlyList<SessionDataset> Read(ParseResult arguments, string root, IReadOnlyList<string> subsets)
    {
        IReadOnlyList<string> chosen = subsets.Count > 0 ? subsets : CircledReader.SubsetsIn(root);
        return [.. chosen.Select(subset => CircledReader.Read(root, subset, Gallery(arguments, subset).Gallery))];
    }
}
