namespace ZeroShotCir.Evaluation.Statistics;

/// <summary>One row of a comparison: a model, caption source or fusion, and what it achieves.</summary>
/// <param name="Label">What the row is.</param>
/// <param name="Estimates">By metric, the estimate with its interval.</param>
/// <param name="AgainstFirst">By metric, the comparison with the first row; empty for the first row itself.</param>
public sealed record ComparisonRow(
    string Label,
    IReadOnlyDictionary<string, ConfidenceInterval> Estimates,
    IReadOnlyDictionary<string, PairedComparison> AgainstFirst);
