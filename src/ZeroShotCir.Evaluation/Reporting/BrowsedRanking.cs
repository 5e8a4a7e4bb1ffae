using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>What one setting found for a query.</summary>
/// <param name="TargetRank">The rank of the best right answer, counted from 1.</param>
/// <param name="Hits">The first pictures, best first.</param>
internal sealed record BrowsedRanking(int TargetRank, IReadOnlyList<GalleryImage> Hits);
