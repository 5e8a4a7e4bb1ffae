using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Tool.Runs;

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
    public static ComparisonDocument Of(ComparisonTask task, IReadOnlyList<Candidate> candidates, ComparisonTable table) => new(
        task.Title,
        task.Datasets[0].Name,
        task.Datasets[0].Split,
        [.. candidates[0].Run.Categories.Select(CoverageManifest.Of)],
        [.. candidates.Zip(table.Rows, ComparisonRowDocument.Of)],
        PublishedResults.Of(task.Datasets[0].Name),
        RunManifest.VersionOf(typeof(ComparisonTable).Assembly));
}
