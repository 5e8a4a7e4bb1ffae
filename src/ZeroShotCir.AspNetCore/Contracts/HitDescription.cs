namespace ZeroShotCir.AspNetCore.Contracts;

/// <summary>An image that was found.</summary>
internal sealed class HitDescription
{
    /// <summary>Its rank, from 1.</summary>
    public required int Rank { get; init; }

    /// <summary>Its score; comparable within one search only.</summary>
    public required float Score { get; init; }

    /// <summary>The image.</summary>
    public required ItemDescription Item { get; init; }

    /// <summary>The ids of further images of the same bytes.</summary>
    public required IReadOnlyList<string> Copies { get; init; }
}
