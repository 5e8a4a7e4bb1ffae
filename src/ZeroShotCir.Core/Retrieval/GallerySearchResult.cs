namespace ZeroShotCir.Retrieval;

/// <summary>What a search found for one query, and how.</summary>
public sealed class GallerySearchResult
{
    /// <summary>Describes a result.</summary>
    /// <param name="hits">The hits, best first; ties by ordinal, of a store by id.</param>
    /// <param name="statistics">How they were found.</param>
    public GallerySearchResult(IReadOnlyList<GalleryHit> hits, GallerySearchStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(hits);
        ArgumentNullException.ThrowIfNull(statistics);
        Hits = hits;
        Statistics = statistics;
    }

    /// <summary>The hits, best first; ties by ordinal, of a store by id.</summary>
    public IReadOnlyList<GalleryHit> Hits { get; }

    /// <summary>How they were found.</summary>
    public GallerySearchStatistics Statistics { get; }
}
