using ZeroShotCir.Evaluation.Results;
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
    /// <summary>The rows that lack evidence, and what each needs.</summary>
    public required IReadOnlyList<UnmeasuredRow> Unmeasured { get; init; }

    public static ComparisonDocument From(ComparedDataset compared) => new(
        compared.Title,
        compared.Dataset.Name,
        compared.Dataset.Split,
        compared.Candidates[0].Coverage,
        [.. compared.Candidates.Zip(compared.Table.Rows, ComparisonRowDocument.From)],
        PublishedResults.ForDataset(compared.Dataset.Name),
        Evaluation.Reporting.LibraryVersion.Current)
    {
        Unmeasured = compared.Measured.Unmeasured,
    };
}
