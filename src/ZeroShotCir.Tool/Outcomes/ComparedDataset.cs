using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Statistics;

namespace ZeroShotCir.Tool.Outcomes;

/// <summary>A comparison on one data set.</summary>
/// <param name="Title">What the data set is called in tables.</param>
/// <param name="Dataset">The data set, or its first category.</param>
/// <param name="Measured">What was compared, and what could not be.</param>
/// <param name="Table">A row for each candidate: its figures with intervals, and the test against the first.</param>
internal sealed record ComparedDataset(string Title, EvaluationDataset Dataset, MeasuredComparison Measured, ComparisonTable Table)
{
    /// <summary>Whether it is one kind of the built-in album's queries, which no summary over data sets has.</summary>
    public bool IsOfAlbum { get; init; }

    /// <summary>What was compared.</summary>
    public IReadOnlyList<MeasuredCandidate> Candidates => Measured.Candidates;
}
