namespace ZeroShotCir.Onnx.Models;

/// <summary>A text as the text graph receives it.</summary>
/// <param name="Ids">The ids, special tokens and padding included.</param>
/// <param name="Tokens">How many of them are not padding.</param>
/// <param name="Truncated">Whether the text was longer than the model reads and was cut.</param>
public sealed record TokenizedText(IReadOnlyList<int> Ids, int Tokens, bool Truncated);
