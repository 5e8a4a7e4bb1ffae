using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Documents;

/// <summary>One table of <c>cir compare</c>.</summary>
internal sealed record ComparisonDocument(
    string Title,
    string Dataset,
    string Split,
    IReadOnlyList<CoverageManifest> Coverage,
    IReadOnlyList<ComparisonRowDocument> Rows,
    IReadOnlyList<PublishedResult> Published,
    string LibraryVersion)
{
    public static ComparisonDocument Of(string title, EvaluationDataset dataset, IReadOnlyList<Candidate> candidates, ComparisonTable table) => new(
        title,
        dataset.Name,
        dataset.Split,
        candidates[0].Coverage,
        [.. candidates.Zip(table.Rows, ComparisonRowDocument.Of)],
        PublishedResults.Of(dataset.Name),
        RunManifest.VersionOf(typeof(ComparisonTable).Assembly));
}
