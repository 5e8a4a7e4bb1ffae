namespace ZeroShotCir.AspNetCore.Contracts;

/// <summary>What was found, and how.</summary>
internal sealed class SearchResponse
{
    /// <summary>The images, best first.</summary>
    public required IReadOnlyList<SearchHit> Hits { get; init; }

    /// <summary>The strategy that was used, with its parameters.</summary>
    public required string Strategy { get; init; }

    /// <summary>The weight of the text that was used.</summary>
    public required double Alpha { get; init; }

    /// <summary>The weight of captions that was used.</summary>
    public required double Beta { get; init; }

    /// <summary>How many images the filters left to search among.</summary>
    public required int Searched { get; init; }

    /// <summary>How long it took on the server.</summary>
    public required double Milliseconds { get; init; }
}
