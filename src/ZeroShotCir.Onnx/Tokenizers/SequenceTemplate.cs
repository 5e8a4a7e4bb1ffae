namespace ZeroShotCir.Onnx.Tokenizers;

/// <summary>The tokens that begin and end every sequence.</summary>
internal sealed record SequenceTemplate(int[] Prefix, int[] Suffix);
