using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>A query and what each setting found for it.</summary>
/// <param name="Group">The category or dataset it belongs to.</param>
/// <param name="Reference">The reference picture.</param>
/// <param name="Text">The modification text.</param>
/// <param name="Targets">The right answers.</param>
/// <param name="Rankings">One ranking per setting.</param>
internal sealed record BrowsedQuery(string Group, GalleryImage Reference, string Text, IReadOnlyList<GalleryImage> Targets, IReadOnlyList<BrowsedRanking> Rankings);
