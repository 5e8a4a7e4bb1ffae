using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Statistics;

namespace ZeroShotCir.Tool.Outcomes;

/// <summary>What became of the results after a chat model had looked at the first images of every ranking.</summary>
/// <param name="Effort">What it did.</param>
/// <param name="Results">The results.</param>
/// <param name="Intervals">For each result, its metrics' 95 % intervals.</param>
internal sealed record VerifiedResults(
    VerifierEffort Effort, IReadOnlyList<EvaluationResult> Results, IReadOnlyList<IReadOnlyDictionary<string, ConfidenceInterval>> Intervals);
