using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Results;

namespace ZeroShotCir.Tool.Runs;

/// <summary>How much of a data set or category was evaluated, and which images could not be.</summary>
internal sealed record CoverageManifest(
    string? Category,
    string GalleryProtocol,
    bool Complete,
    int Gallery,
    int GalleryAnnotated,
    int Queries,
    int QueriesAnnotated,
    int Captioned,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Corrupt)
{
    public static CoverageManifest Of(PreparedCategory category)
    {
        DatasetCoverage coverage = category.Runner.Coverage;
        return new CoverageManifest(
            category.Dataset.Category,
            category.Dataset.GalleryProtocol == Evaluation.Datasets.GalleryProtocol.ValUnion ? "union" : "split",
            coverage.IsComplete,
            coverage.Gallery,
            coverage.GalleryAnnotated,
            coverage.Queries,
            coverage.QueriesAnnotated,
            coverage.Captioned,
            Named(category, ImageProblemKind.Missing),
            Named(category, ImageProblemKind.Corrupt));
    }

    private static string[] Named(PreparedCategory category, ImageProblemKind kind)
        => [.. category.Problems.Where(problem => problem.Kind == kind).Select(problem => problem.Name)];
}
