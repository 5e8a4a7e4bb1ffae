using ZeroShotCir.Similarity;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>One comparison that a score is made of: the vectors of the queries against the images, or against captions.</summary>
/// <param name="Vectors">The vectors of the queries.</param>
/// <param name="Gallery">The rows they are compared with.</param>
/// <param name="Items">The items that take part; <see langword="null"/> for all.</param>
internal sealed record ScoringPath(PathVectors Vectors, InnerProducts Gallery, int[]? Items);
