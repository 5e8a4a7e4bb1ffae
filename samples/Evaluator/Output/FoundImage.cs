namespace ZeroShotCir.Evaluator.Output;

/// <summary>An image that was found.</summary>
internal sealed record FoundImage(int Rank, string Id, float Score, string? File);
