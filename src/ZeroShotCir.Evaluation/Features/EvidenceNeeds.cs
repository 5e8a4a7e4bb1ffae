using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation.Settings;

namespace ZeroShotCir.Evaluation.Features;

/// <summary>Says what a strategy needs that features do not hold.</summary>
internal static class EvidenceNeeds
{
    // What a query always has; everything else is evidence that somebody must give.
    private static readonly HashSet<TermRole> Halves = [TermRole.Image, TermRole.Text];

    /// <summary>What is missing, in words; <see langword="null"/> where nothing is.</summary>
    /// <remarks>
    /// A strategy that may do without each of its further roles does nothing of its own without any of them: measured so, it would be
    /// another one under its name.
    /// </remarks>
    public static string? Explain(EvaluationSetting setting, EvaluationFeatures features)
    {
        CompositionStrategy strategy = setting.Fusion;
        List<string> needs = [];
        TermRole[] missing = [.. strategy.Roles.Where(role => !Halves.Contains(role) && !Has(features, setting.MissingEvidence, role, strategy.Requires(role)))];
        TermRole[] required = [.. missing.Where(strategy.Requires)];
        TermRole[] optional = [.. strategy.Roles.Where(role => !Halves.Contains(role) && !strategy.Requires(role))];
        needs.AddRange(required.Select(Words));
        if (optional.Length > 0 && optional.All(missing.Contains) && !strategy.Roles.Any(role => !Halves.Contains(role) && strategy.Requires(role)))
        {
            needs.Add(string.Join(" or ", optional.Select(Words)));
        }

        if (strategy.Space == CompositionSpace.Centered && features.Captions.Count == 0 && setting.MissingEvidence == MissingEvidence.Refuse)
        {
            needs.Add("captions, whose mean stands for that of all texts (--captions)");
        }

        if (strategy is Basic && features.Projection is null)
        {
            needs.Add("a projection made from a corpus of texts ('cir gallery project', --projection)");
        }

        return needs.Count == 0 ? null : string.Join("; ", needs);
    }

    // What is required, every query needs; of the rest, one that has some makes a difference.
    private static bool Has(EvaluationFeatures features, MissingEvidence evidence, TermRole role, bool isRequired)
        => (isRequired ? features.Terms?.All(terms => terms.Has(role)) : features.Terms?.Any(terms => terms.Has(role))) == true || role switch
        {
            TermRole.TargetDescription => features.TargetDescriptions is not null || (evidence == MissingEvidence.StandIn && features.Captions.Count > 0),
            TermRole.ReferenceDescription => features.Captions.Count > 0,
            TermRole.Composed => features.ComposedQueries is not null,
            _ => false,
        };

    private static string Words(TermRole role) => role switch
    {
        TermRole.TargetDescription => "descriptions of the targets ('cir compose', --composition)",
        TermRole.ReferenceDescription => "captions of the reference (--captions)",
        TermRole.Composed => "a model that reads image and text together",
        TermRole.MustHave => "texts that must be there (must_have of the queries)",
        TermRole.MustNot => "texts that must not be there (must_not of the queries)",
        TermRole.Liked => "images that were liked",
        TermRole.Disliked => "images that were passed over",
        _ => role.ToString(),
    };
}
