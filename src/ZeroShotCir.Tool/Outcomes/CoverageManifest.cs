using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Results;

namespace ZeroShotCir.Tool.Outcomes;

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
    public static CoverageManifest From(EvaluationDataset dataset, DatasetCoverage coverage, IReadOnlyList<ImageProblem> problems) => new(
        dataset.Category,
        dataset.GalleryProtocol == Evaluation.Datasets.GalleryProtocol.ValUnion ? "union" : "split",
        coverage.IsComplete,
        coverage.Gallery,
        coverage.GalleryAnnotated,
        coverage.Queries,
        coverage.QueriesAnnotated,
        coverage.Captioned,
        Named(problems, ImageProblemKind.Missing),
        Named(problems, ImageProblemKind.Corrupt));

    private static string[] Named(IReadOnlyList<ImageProblem> problems, ImageProblemKind kind)
        => [.. problems.Where(problem => problem.Kind == kind).Select(problem => problem.Name)];
}
