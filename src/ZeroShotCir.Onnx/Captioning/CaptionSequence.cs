namespace ZeroShotCir.Onnx.Captioning;

/// <summary>A decoded sequence.</summary>
/// <param name="Ids">The tokens: the start token, those decoded and, where it was reached, the end token.</param>
/// <param name="Hidden">How many of the first tokens are no part of the caption.</param>
/// <param name="Score">The sum of the log probabilities of the tokens after the start, divided by their number to the power of the length penalty.</param>
internal sealed record CaptionSequence(int[] Ids, int Hidden, double Score);
