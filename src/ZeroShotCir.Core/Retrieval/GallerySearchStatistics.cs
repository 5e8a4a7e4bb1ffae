namespace ZeroShotCir.Retrieval;

/// <summary>How a search reached its result, and whether it can be relied on to be the best there is.</summary>
public sealed class GallerySearchStatistics
{
    /// <summary>Whether an item that was not looked at may be better than one that was found, or a score may be off by more than rounding.</summary>
    /// <value>The default value is <see langword="false"/>: the result is exact.</value>
    public bool IsApproximate { get; init; }

    /// <summary>How many candidates of each vector were looked at where not all items were.</summary>
    /// <value>The default value is <see langword="null"/>: all items that may be found.</value>
    public int? Depth { get; init; }

    /// <summary>How many rows were compared, by all vectors of the query together; <see langword="null"/> where nobody knows.</summary>
    public long? Scanned { get; init; }

    /// <summary>
    /// How many rows were scored again in float32 after the first comparison could not rule them out; queries that were compared together
    /// share the number. <see langword="null"/> where the first comparison was in float32.
    /// </summary>
    public long? Rescored { get; init; }

    /// <summary>What compared the rows: the instruction set and the numbers, such as <c>avx2-f32</c>, or the store's name.</summary>
    /// <value>The default value is empty: nothing was compared.</value>
    public string Engine { get; init; } = "";

    /// <summary>What is missing from the result, such as a shard that did not answer, or a picture that a re-ranker was to look at, one sentence each.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>The same, and that more is missing.</summary>
    internal GallerySearchStatistics WithMissing(IEnumerable<string> more) => new()
    {
        IsApproximate = IsApproximate,
        Depth = Depth,
        Scanned = Scanned,
        Rescored = Rescored,
        Engine = Engine,
        Missing = [.. Missing, .. more],
    };
}
