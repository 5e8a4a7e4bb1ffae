using ZeroShotCir.Similarity;

namespace ZeroShotCir.Retrieval;

/// <summary>What was found for one query in the gallery.</summary>
/// <param name="Hits">The hits, in ranking order.</param>
/// <param name="Statistics">How they were found.</param>
internal sealed record LocalHits(SearchHit[] Hits, GallerySearchStatistics Statistics);
