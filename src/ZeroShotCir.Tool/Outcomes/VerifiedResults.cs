using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Extensions.AI.Chat;

namespace ZeroShotCir.Tool.Outcomes;

/// <summary>What became of the results after a chat model had looked at the first images of every ranking.</summary>
/// <param name="Verifier">Who looked.</param>
/// <param name="Top">At how many images of each ranking.</param>
/// <param name="Asked">How often it was asked: about a pair of query and image where images are judged one by one, about a query where they are put in order at once.</param>
/// <param name="Reused">How many answers were known.</param>
/// <param name="Refused">How many of these pairs or queries it did not judge.</param>
/// <param name="Usage">What that took.</param>
/// <param name="Results">The results.</param>
/// <param name="Intervals">For each result, its metrics' 95 % intervals.</param>
internal sealed record VerifiedResults(
    string Verifier,
    int Top,
    int Asked,
    int Reused,
    int Refused,
    ChatUsage Usage,
    IReadOnlyList<EvaluationResult> Results,
    IReadOnlyList<IReadOnlyDictionary<string, ConfidenceInterval>> Intervals)
{
    /// <summary>What it said of images: <c>fit</c>, <c>yes-no</c>, <c>grid</c> or <c>list</c>.</summary>
    public required string Form { get; init; }

    /// <summary>How many orders left images out; <see langword="null"/> where images are judged one by one.</summary>
    public int? Incomplete { get; init; }

    /// <summary>How many new verdicts rest on a bound, since yes or no was not among the listed tokens; <see langword="null"/> of other forms.</summary>
    public int? Bounded { get; init; }

    /// <summary>The least probability that yes and no had together in a new verdict; <see langword="null"/> of other forms.</summary>
    public double? LeastMass { get; init; }
}
