using ZeroShotCir.Evaluation.Statistics;

namespace ZeroShotCir.Tool.Outcomes;

/// <summary>One row of a comparison over several data sets.</summary>
internal sealed record ComparisonSummaryRow(string Model, string Captions, string Setting, IReadOnlyList<ConfidenceInterval?> Figures);
