using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Extensions.AI.Chat;

namespace ZeroShotCir.Tool.Outcomes;

/// <summary>What became of the results after a chat model had looked at the first images of every ranking.</summary>
/// <param name="Verifier">Who looked.</param>
/// <param name="Top">At how many images of each ranking.</param>
/// <param name="Asked">How many pairs of query and image it was asked about.</param>
/// <param name="Reused">How many answers were known.</param>
/// <param name="Refused">How many pairs it did not judge.</param>
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
    IReadOnlyList<IReadOnlyDictionary<string, ConfidenceInterval>> Intervals);
