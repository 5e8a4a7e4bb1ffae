using ZeroShotCir.Evaluator.Runs;

namespace ZeroShotCir.Evaluator.Output;

/// <summary>The document of <c>cir eval</c>.</summary>
internal sealed record EvaluationDocument(RunManifest Manifest, IReadOnlyList<ResultDocument> Results);
