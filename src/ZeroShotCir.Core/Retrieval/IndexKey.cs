using ZeroShotCir.Composition;

namespace ZeroShotCir.Retrieval;

/// <summary>Names an index of a gallery: which rows, in which space.</summary>
/// <param name="Space">The space.</param>
/// <param name="Kind">Which rows.</param>
/// <param name="Value">The caption weight of folded rows, the number of captions of stacked ones, the position of caption rows.</param>
internal readonly record struct IndexKey(CompositionSpace Space, IndexKind Kind, double Value);
