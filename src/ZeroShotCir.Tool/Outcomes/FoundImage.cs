namespace ZeroShotCir.Tool.Outcomes;

/// <summary>An image that was found; copies are pictures of the same bytes.</summary>
internal sealed record FoundImage(int Rank, string Id, float Score, string? File, IReadOnlyList<FoundCopy> Copies)
{
    /// <summary>How well it fits by a verifier that judges images one by one, from 0 to 1; <see langword="null"/> where none looked at it.</summary>
    public double? Fit { get; init; }
}
