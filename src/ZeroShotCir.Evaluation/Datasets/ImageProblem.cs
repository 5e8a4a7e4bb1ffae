namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>An image of a data set that cannot be used.</summary>
/// <param name="Name">The image.</param>
/// <param name="Path">Where it was looked for.</param>
/// <param name="Kind">What is wrong with it.</param>
/// <param name="Message">What is wrong with it, in words.</param>
public sealed record ImageProblem(string Name, string Path, ImageProblemKind Kind, string Message);
