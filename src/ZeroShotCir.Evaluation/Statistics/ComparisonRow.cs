namespace ZeroShotCir.Evaluation.Statistics;

/// <summary>One row of a comparison: a model, caption source or fusion, and what it achieves.</summary>
public sealed class ComparisonRow
{
    internal ComparisonRow(
        string label,
        IReadOnlyDictionary<string, ConfidenceInterval> estimates,
        IReadOnlyDictionary<string, PairedComparison> againstFirst)
    {
        Label = label;
        Estimates = estimates;
        AgainstFirst = againstFirst;
    }

    /// <summary>What the row is.</summary>
    public string Label { get; }

    /// <summary>By metric, the estimate with its interval.</summary>
    public IReadOnlyDictionary<string, ConfidenceInterval> Estimates { get; }

    /// <summary>By metric, the comparison with the first row; empty for the first row itself.</summary>
    public IReadOnlyDictionary<string, PairedComparison> AgainstFirst { get; }
}
