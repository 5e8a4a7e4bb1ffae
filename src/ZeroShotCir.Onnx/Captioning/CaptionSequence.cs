namespace ZeroShotCir.Onnx.Captioning;

/// <summary>A decoded sequence.</summary>
/// <param name="Ids">The tokens: the start token, those decoded and, where it was reached, the end token.</param>
/// <param name="Score">The sum of the tokens' log probabilities divided by their number, the start token not counted.</param>
internal sealed record CaptionSequence(int[] Ids, double Score);
