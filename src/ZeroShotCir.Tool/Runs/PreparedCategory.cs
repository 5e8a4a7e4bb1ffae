using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Runs;

/// <summary>A data set, or one category of it, encoded and ready to be evaluated.</summary>
/// <param name="Runner">Evaluates settings on it.</param>
/// <param name="Problems">The images that could not be encoded.</param>
/// <param name="HasCaptions">Whether there are captions to weigh in.</param>
internal sealed record PreparedCategory(EvaluationRunner Runner, IReadOnlyList<ImageProblem> Problems, bool HasCaptions)
{
    /// <summary>What was encoded, where more than the runner reads it.</summary>
    public EvaluationFeatures? Features { get; init; }

    public EvaluationDataset Dataset => Runner.Dataset;

    /// <summary>How much of it is evaluated.</summary>
    public CoverageManifest Coverage => CoverageManifest.From(Dataset, Runner.Coverage, Problems);

    /// <summary>One sentence for every image that is left out, or for the folder that explains many.</summary>
    public IEnumerable<string> ProblemSentences
    {
        get
        {
            IReadOnlyList<MissingFolder> folders = MissingFolder.Find(Dataset, Problems);
            return
            [
                .. folders.Select(folder => $"{Dataset.Label}: {folder.Message}"),
                .. Problems.Where(problem => !folders.Any(folder => folder.Explains(problem)))
                    .Select(problem => $"{problem.Kind.ToString().ToLowerInvariant()} image '{problem.Name}' of {Dataset.Label}: {problem.Message}"),
            ];
        }
    }
}
