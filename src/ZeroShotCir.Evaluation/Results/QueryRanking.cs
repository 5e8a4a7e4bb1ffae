using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Evaluation.Results;

/// <summary>What a setting retrieves for one query.</summary>
/// <param name="Query">The query.</param>
/// <param name="Hits">The best images, best first; ordinals count in <see cref="EvaluationRunner.GalleryNames"/>.</param>
/// <param name="SubsetHits">The members of the query's subset, best first; empty where there is none.</param>
public sealed record QueryRanking(EvaluationQuery Query, IReadOnlyList<SearchHit> Hits, IReadOnlyList<SearchHit> SubsetHits);
