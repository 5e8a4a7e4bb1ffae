using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Tool.Documents;

/// <summary>An image that is <c>missing</c> or <c>corrupt</c>.</summary>
internal sealed record ImageProblemDocument(string Name, string File, string Kind, string Error)
{
    public static string KindOf(ImageProblem problem) => problem.Kind == ImageProblemKind.Missing ? "missing" : "corrupt";
}
