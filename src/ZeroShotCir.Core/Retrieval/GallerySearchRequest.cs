using ZeroShotCir.Galleries;

namespace ZeroShotCir.Retrieval;

/// <summary>A composed query with what is wanted of it.</summary>
public sealed class GallerySearchRequest
{
    /// <summary>Asks for the best items.</summary>
    /// <param name="query">The composed query.</param>
    /// <param name="count">How many items to find, at least 1; fewer are found where there are no more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    public GallerySearchRequest(QueryVectors query, int count)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Query = query;
        Count = count;
    }

    /// <summary>The composed query.</summary>
    public QueryVectors Query { get; }

    /// <summary>How many items to find.</summary>
    public int Count { get; }

    /// <summary>What an item must be to be found.</summary>
    /// <value>The default value is <see langword="null"/>: anything. Requests of a batch that share one object are compared together.</value>
    public GalleryFilter? Filter { get; init; }

    /// <summary>The only items that may be found; together with <see cref="Filter"/> where both are given. Stores refuse it: it belongs to a gallery in this process.</summary>
    /// <value>The default value is <see langword="null"/>: all of them.</value>
    public GallerySelection? Selection { get; init; }

    /// <summary>Ids that must not be found; they count in statistics over all items.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyCollection<string> ExcludedIds { get; init; } = [];

    /// <summary>The least score of an item that is found, itself included.</summary>
    /// <value>The default value is <see langword="null"/>: any score.</value>
    public double? MinScore { get; init; }

    /// <summary>Whether hits bring their vectors.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool IncludeRows { get; init; }
}
