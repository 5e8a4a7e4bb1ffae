using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir sweep</c>; the seconds are those of scoring and ranking alone.</summary>
internal sealed record SweepDocument(RunManifest Manifest, IReadOnlyList<ResultDocument> Results, double Seconds);
