using System.Collections;

namespace ZeroShotCir.Retrieval;

/// <summary>The images that were found for one query, best first, and how they were found.</summary>
/// <remarks>Immutable.</remarks>
public sealed class RetrievalRanking : IReadOnlyList<RetrievalResult>
{
    private readonly IReadOnlyList<RetrievalResult> _results;

    internal RetrievalRanking(IReadOnlyList<RetrievalResult> results, GallerySearchStatistics statistics)
    {
        _results = results;
        Statistics = statistics;
    }

    /// <summary>How they were found, and whether better ones may be missing.</summary>
    public GallerySearchStatistics Statistics { get; }

    /// <inheritdoc/>
    public int Count => _results.Count;

    /// <summary>The image at a place, from 0; its rank is one more.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public RetrievalResult this[int index] => _results[index];

    /// <inheritdoc/>
    public IEnumerator<RetrievalResult> GetEnumerator() => _results.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
