using ZeroShotCir.Evaluation.Results;

namespace ZeroShotCir.Evaluation.Statistics;

/// <summary>What a row of a <see cref="ComparisonTable"/> is made of.</summary>
public sealed class ComparisonCandidate
{
    /// <summary>Names results.</summary>
    /// <param name="label">What the row is called.</param>
    /// <param name="results">One result, or one for each category.</param>
    /// <exception cref="ArgumentException">There are no results.</exception>
    public ComparisonCandidate(string label, IReadOnlyList<EvaluationResult> results)
    {
        ArgumentNullException.ThrowIfNull(label);
        ArgumentNullException.ThrowIfNull(results);
        if (results.Count == 0)
        {
            throw new ArgumentException($"The candidate '{label}' has no results.", nameof(results));
        }

        Label = label;
        Results = results;
    }

    /// <summary>What the row is called.</summary>
    public string Label { get; }

    /// <summary>One result, or one for each category.</summary>
    public IReadOnlyList<EvaluationResult> Results { get; }
}
