using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Statistics;

namespace ZeroShotCir.Tool.Outcomes;

/// <summary>A comparison on one data set, measured.</summary>
/// <param name="Title">What the data set is called in tables.</param>
/// <param name="Dataset">The data set, or its first category.</param>
/// <param name="Candidates">What was compared.</param>
/// <param name="Table">A row for each candidate: its figures with intervals, and the test against the first.</param>
internal sealed record MeasuredComparison(string Title, EvaluationDataset Dataset, IReadOnlyList<Candidate> Candidates, ComparisonTable Table);
