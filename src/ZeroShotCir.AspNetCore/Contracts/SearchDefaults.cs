namespace ZeroShotCir.AspNetCore.Contracts;

/// <summary>How a search is done that does not say it itself.</summary>
internal sealed class SearchDefaults
{
    /// <summary>The name of the strategy.</summary>
    public required string Strategy { get; init; }

    /// <summary>The weight of the text.</summary>
    public required double Alpha { get; init; }

    /// <summary>The weight of captions.</summary>
    public required double Beta { get; init; }

    /// <summary>The number of images that are found.</summary>
    public required int Count { get; init; }
}
