using System.CommandLine;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Evaluation.Statistics;

namespace ZeroShotCir.Tool.Options;

/// <summary>The options that keep queries which one half does not solve.</summary>
internal sealed class LabelOptions
{
    private const string ShortcutFree = "shortcut-free";
    private const string Required = "composition-required";

    private readonly Option<string?> _only = new("--only")
    {
        Description = "Judge by queries that no retriever of the pool solves from text or image alone, or of these only by those that some solves with both.",
        HelpName = $"{ShortcutFree}|{Required}",
    };

    private readonly Option<FileInfo?> _labels = new("--labels")
    {
        Description = "Labels of the queries, as --save-labels writes them; without it, they are measured.",
        HelpName = "FILE.json",
    };

    private readonly Option<string[]> _pool = FusionOption.Named("--pool", "The fusions of the pool that labels the queries; without it, the weighted sum with β 0, 0.1 and 0.5");
    private readonly Option<FileInfo?> _save = new("--save-labels")
    {
        Description = "Write what every query needs: composition-required, text, image, both (shortcuts) or unresolved.",
        HelpName = "FILE.json",
    };

    public LabelOptions(Command command)
    {
        _only.AcceptOnlyFromAmong(ShortcutFree, Required);
        command.Add(_only);
        command.Add(_labels);
        command.Add(_pool);
        command.Add(_save);
    }

    /// <summary>Which queries are kept, in words; <see langword="null"/> for all.</summary>
    public string? Only(ParseResult arguments) => arguments.GetValue(_only);

    /// <summary>What labels queries as the options say; <see langword="null"/> where nobody asks.</summary>
    public QueryLabels? Measure(ParseResult arguments, IReadOnlyList<EvaluationRunner> runners, EvaluationSetting setting, bool hasCaptions, CancellationToken cancellationToken)
    {
        if (Only(arguments) is null && arguments.GetValue(_save) is null && arguments.GetValue(_labels) is null)
        {
            return null;
        }

        QueryLabels labels = arguments.GetValue(_labels) is { } file
            ? LabelFile.Read(file.FullName)
            : QueryLabels.Measure(runners, Pool(arguments, setting, hasCaptions), cancellationToken);
        if (arguments.GetValue(_save) is { } kept)
        {
            LabelFile.Write(kept.FullName, labels);
        }

        return labels;
    }

    /// <summary>Keeps the queries that the options ask for.</summary>
    public EvaluationRunner Filter(ParseResult arguments, QueryLabels labels, EvaluationRunner runner, IReadOnlyList<EvaluationSetting> judged)
    {
        try
        {
            return Only(arguments) is { } only ? labels.Filter(runner, only == Required ? LabelFilter.CompositionRequired : LabelFilter.ShortcutFree, judged) : runner;
        }
        catch (ArgumentException e)
        {
            throw new BadUsageException(e.Message.Split(" (Parameter", 2)[0]);
        }
    }

    private IReadOnlyList<EvaluationSetting> Pool(ParseResult arguments, EvaluationSetting setting, bool hasCaptions)
    {
        IReadOnlyList<EvaluationSetting> weighted = QueryLabels.DefaultPool(setting, hasCaptions);
        return arguments.GetValue(_pool) is { Length: > 0 } fusions
            ? [.. fusions.Select(FusionOption.Parse).SelectMany(fusion => weighted.Select(of => of with { Fusion = fusion }))]
            : weighted;
    }
}
