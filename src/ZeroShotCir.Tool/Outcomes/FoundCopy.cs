namespace ZeroShotCir.Tool.Outcomes;

/// <summary>A picture of the same bytes as a hit.</summary>
internal sealed record FoundCopy(string Id, string? File);
