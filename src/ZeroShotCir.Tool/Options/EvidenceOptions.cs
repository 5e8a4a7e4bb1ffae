using System.CommandLine;
using System.CommandLine.Parsing;
using ZeroShotCir.Composition;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Tool.Options;

/// <summary>What a search says beside references and text, and how all of it is composed.</summary>
internal sealed class EvidenceOptions
{
    private readonly Option<string?> _fusion = FusionOption.One("How the evidence is composed");
    private readonly Option<string?> _expression = new("--expression")
    {
        Description = "A signed sum, such as 'image + 2:\"dog\" - image2': every reference and the text must occur in it.",
        HelpName = "SUM",
    };

    private readonly Option<string[]> _descriptions = Texts("--description", $"Descriptions of the picture searched for, for the fusions {FusionOption.ReadingTargets}.");
    private readonly Option<string[]> _referenceCaptions = Texts("--reference-caption", "Captions of the reference image, where the gallery has none of it.");
    private readonly Option<string[]> _mustHave = Texts("--must-have", "What the picture must show, for fusions that read it, such as soft.");
    private readonly Option<string[]> _mustNot = Texts("--must-not", "What the picture must not show, for fusions that read it, such as soft.");
    private readonly Option<string[]> _like = Ids("--like", "Ids of pictures that were found and liked: more of this.");
    private readonly Option<string[]> _unlike = Ids("--unlike", "Ids of pictures that were found and not liked: less of that.");
    private readonly Option<double?> _minScore = new("--min-score") { Description = "The least score of a picture that is found, itself included.", HelpName = "S" };
    private readonly Option<double> _alpha = ToolOptions.Weight("--alpha", EvaluationDefaults.Alpha, "How much the text counts against the reference image.");

    public EvidenceOptions(Command command)
    {
        _minScore.Validators.Add(result => ToolOptions.Check<double>(result, _minScore, double.IsFinite, "a finite number"));
        _expression.Validators.Add(result =>
        {
            try
            {
                _ = result.GetValueOrDefault<string?>() is { } sum ? CompositionExpression.Parse(sum) : null;
            }
            catch (FormatException e)
            {
                result.AddError(e.Message);
            }
        });
        foreach (Option option in (Option[])[_fusion, _alpha, _expression, _descriptions, _referenceCaptions, _mustHave, _mustNot, _like, _unlike, _minScore])
        {
            command.Add(option);
        }
    }

    /// <summary>Whether anything can be searched for without a reference and a text.</summary>
    public bool SaysWhat(CommandResult result) => result.GetValue(_expression) is not null || result.GetValue(_like) is { Length: > 0 } || SaysInWords(result);

    /// <summary>Whether something in words is there to be weighed against a reference.</summary>
    public bool SaysInWords(CommandResult result) => result.GetValue(_descriptions) is { Length: > 0 };

    public bool GivesAlpha(CommandResult result) => result.GetResult(_alpha) is { Implicit: false };

    /// <summary>Whether the model is asked to read image and text together.</summary>
    public bool ReadsTogether(CommandResult result)
        => result.GetValue(_fusion) is { } name && StrategyTable.All.FirstOrDefault(row => row.Name == name) is { } row && row.Terms.Any(term => term.Role == TermRole.Composed);

    /// <summary>Adds to a query what the options say.</summary>
    public ComposedQuery Apply(ParseResult arguments, ComposedQuery query)
    {
        CompositionExpression? expression = arguments.GetValue(_expression) is { } sum ? CompositionExpression.Parse(sum) : null;
        string[] liked = arguments.GetValue(_like)!, disliked = arguments.GetValue(_unlike)!;
        string? fusion = arguments.GetValue(_fusion) ?? (liked.Length + disliked.Length > 0 ? "more-less" : null);
        return query with
        {
            Terms =
            [
                .. query.Terms,
                .. liked.Select(id => QueryTerm.FromItem(id, role: TermRole.Liked)),
                .. disliked.Select(id => QueryTerm.FromItem(id, role: TermRole.Disliked)),
            ],

            // Who has chosen pictures wants to see others.
            ExcludedIds = [.. query.ExcludedIds, .. liked, .. disliked],
            Strategy = fusion is null && expression is not null ? StrategyTable.Parse("arithmetic") : FusionOption.Parse(fusion).WithAlpha(arguments.GetValue(_alpha)),
            Expression = expression,
            TargetDescriptions = arguments.GetValue(_descriptions)!,
            ReferenceCaptions = arguments.GetValue(_referenceCaptions) is { Length: > 0 } captions ? captions : null,
            MustHave = arguments.GetValue(_mustHave)!,
            MustNot = arguments.GetValue(_mustNot)!,
            MinScore = arguments.GetValue(_minScore),
        };
    }

    /// <summary>Every text of a query that may be encoded.</summary>
    public static IEnumerable<string> TextsOf(ComposedQuery query) =>
    [
        .. query.Text is { } text ? [text] : Array.Empty<string>(),
        .. query.TargetDescriptions,
        .. query.ReferenceCaptions ?? [],
        .. query.MustHave,
        .. query.MustNot,
        .. query.Expression?.Terms.Where(term => term.Kind == ExpressionTermKind.Text).Select(term => term.Value) ?? [],
    ];

    /// <summary>Whether a query has an image that is not in the gallery.</summary>
    public static bool ReadsImages(ComposedQuery query) => query.Image is not null
        || query.Terms.Any(term => term.Image is not null)
        || query.Expression?.Terms.Any(term => term.Kind == ExpressionTermKind.ImageFile) == true;

    private static Option<string[]> Ids(string name, string description)
        => new(name) { Description = description, HelpName = "ID", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };

    private static Option<string[]> Texts(string name, string description)
    {
        Option<string[]> option = new(name) { Description = description, HelpName = "TEXT", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string[]>()?.Any(string.IsNullOrWhiteSpace) == true)
            {
                result.AddError($"{name} is blank. Leave it out, or say what is meant.");
            }
        });
        return option;
    }
}
