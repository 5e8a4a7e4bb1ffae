using ZeroShotCir.Similarity;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>One comparison that a score is made of: the terms of the queries against the images, or against captions.</summary>
internal sealed record ScoringPath(QueryTerms Terms, InnerProducts Gallery);
