namespace ZeroShotCir.Tool.Outcomes;

/// <summary>An image that was found; copies are pictures of the same bytes.</summary>
internal sealed record FoundImage(int Rank, string Id, float Score, string? File, IReadOnlyList<FoundCopy> Copies);
