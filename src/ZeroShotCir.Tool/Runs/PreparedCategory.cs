using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Tool.Runs;

/// <summary>A data set, or one category of it, encoded and ready to be evaluated.</summary>
/// <param name="Runner">Evaluates settings on it.</param>
/// <param name="Problems">The images that could not be encoded.</param>
/// <param name="HasCaptions">Whether there are captions to weigh in.</param>
internal sealed record PreparedCategory(EvaluationRunner Runner, IReadOnlyList<ImageProblem> Problems, bool HasCaptions)
{
    public EvaluationDataset Dataset => Runner.Dataset;
}
