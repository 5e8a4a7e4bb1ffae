namespace ZeroShotCir.Onnx.Models;

/// <summary>The tokenizer of a model folder and how its ids are handed to the text graph.</summary>
/// <param name="Kind">The kind of tokenizer: <c>CLIP</c>, <c>WordPiece</c>, <c>Unigram</c> or <c>BPE</c>.</param>
/// <param name="VocabularySize">The number of ids.</param>
/// <param name="ContextLength">How many ids the text graph takes at most.</param>
/// <param name="PadId">The id that fills texts up to the context length; <see langword="null"/> where texts are encoded at their own length.</param>
public sealed record TokenizerInspection(string Kind, int VocabularySize, int ContextLength, int? PadId);
