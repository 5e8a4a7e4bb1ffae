using Microsoft.ML.OnnxRuntime;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>What a decoder begins with for one picture.</summary>
/// <param name="Ids">The tokens before the first one that it writes.</param>
/// <param name="Encoded">
/// What it looks at while it writes: an encoder's hidden states; or, of a decoder that reads its picture as part of a prompt, the vectors of
/// all these tokens.
/// </param>
internal sealed record CaptionStart(int[] Ids, OrtValue Encoded);
