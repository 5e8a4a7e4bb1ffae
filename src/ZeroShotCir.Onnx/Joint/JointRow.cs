namespace ZeroShotCir.Onnx.Joint;

/// <summary>An input as the text graph takes it.</summary>
/// <param name="Input">Its place among the inputs.</param>
/// <param name="Ids">The ids, with one for each soft token.</param>
/// <param name="Images">The soft tokens, in the order of their places.</param>
internal sealed record JointRow(int Input, int[] Ids, IReadOnlyList<ImageTokens> Images);
