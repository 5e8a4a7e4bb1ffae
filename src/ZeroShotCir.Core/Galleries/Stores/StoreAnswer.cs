namespace ZeroShotCir.Galleries.Stores;

/// <summary>What a store found for one vector, and what it could not look at.</summary>
public sealed class StoreAnswer
{
    /// <summary>Describes an answer.</summary>
    /// <param name="hits">The hits, best first.</param>
    public StoreAnswer(IReadOnlyList<StoreHit> hits)
    {
        ArgumentNullException.ThrowIfNull(hits);
        Hits = hits;
    }

    /// <summary>The hits, best first; fewer than asked for only where the store has no more that the filter lets pass.</summary>
    public IReadOnlyList<StoreHit> Hits { get; }

    /// <summary>What is missing from the answer, such as a shard that did not answer, one sentence each.</summary>
    /// <value>The default value is empty: everything was looked at.</value>
    public IReadOnlyList<string> Missing { get; init; } = [];
}
