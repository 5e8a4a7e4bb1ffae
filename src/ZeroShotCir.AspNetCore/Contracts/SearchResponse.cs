namespace ZeroShotCir.AspNetCore.Contracts;

/// <summary>What was found, and how.</summary>
internal sealed class SearchResponse
{
    /// <summary>The images, best first.</summary>
    public required IReadOnlyList<HitDescription> Hits { get; init; }

    /// <summary>The strategy that was used, with its parameters.</summary>
    public required string Strategy { get; init; }

    /// <summary>What became of earlier turns; left out where there were none.</summary>
    public string? History { get; init; }

    /// <summary>The weight of the text that was used.</summary>
    public required double Alpha { get; init; }

    /// <summary>The weight of captions that was used.</summary>
    public required double Beta { get; init; }

    /// <summary>How many images the filters left to search among; left out where only the store knows.</summary>
    public long? Searched { get; init; }

    /// <summary>Whether an image that was not looked at may be better than one that was found: a store compares by a graph, or by the candidates of each vector.</summary>
    public required bool Approximate { get; init; }

    /// <summary>How many candidates of each vector were looked at; left out where all images were.</summary>
    public int? Depth { get; init; }

    /// <summary>What could not be searched, such as a shard that did not answer in time, one sentence each.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>How long it took on the server.</summary>
    public required double Milliseconds { get; init; }
}
