using Microsoft.ML.OnnxRuntime;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>What the decoder remembers of a sequence: its cache, and what it thinks of the next token.</summary>
/// <param name="Past">The caches by input name; several states may share one.</param>
/// <param name="LogProbabilities">The natural logarithm of each token's probability to come next.</param>
/// <param name="Ids">The tokens so far.</param>
/// <param name="Own">The caches that this step made, which go when nothing follows from it any more.</param>
internal sealed record DecoderState(IReadOnlyDictionary<string, OrtValue> Past, float[] LogProbabilities, int[] Ids, IReadOnlyList<OrtValue> Own);
