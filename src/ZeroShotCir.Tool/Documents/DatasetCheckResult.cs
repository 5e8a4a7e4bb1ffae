using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Tool.Documents;

/// <summary>What <c>cir dataset check</c> found in one data set or category.</summary>
internal sealed record DatasetCheckResult(
    string Dataset,
    int Images,
    int Missing,
    int Corrupt,
    IReadOnlyList<MissingFolderDocument> MissingFolders,
    IReadOnlyList<ImageProblemDocument> Problems,
    int Queries,
    int UsableQueries,
    IReadOnlyList<string> BlankCaptions,
    int? Captioned)
{
    public static DatasetCheckResult From(DatasetReport report) => new(
        report.Dataset,
        report.Gallery,
        report.Missing,
        report.Corrupt,
        [.. report.MissingFolders.Select(folder => new MissingFolderDocument(folder.Path, folder.Images, folder.FoundIn))],
        [.. report.ImageProblems.Select(problem => new ImageProblemDocument(problem.Name, problem.Path, ImageProblemDocument.KindOf(problem), problem.Message))],
        report.Queries,
        report.UsableQueries,
        report.BlankCaptions,
        report.CaptionedImages);
}
