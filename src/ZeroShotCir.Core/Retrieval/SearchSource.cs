using ZeroShotCir.Composition;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Retrieval;

/// <summary>What a retriever searches, and what it must know of it to compose queries. Thread-safe.</summary>
internal abstract class SearchSource
{
    /// <summary>The gallery, where it is in this process.</summary>
    public abstract Gallery? Gallery { get; }

    /// <summary>The items that queries name.</summary>
    public abstract ValueTask<ReferenceItems> ReferencesAsync(IReadOnlyList<ComposedQuery> queries, CancellationToken cancellationToken);

    /// <summary>The embedding of the empty text, where it stands in for missing captions; otherwise empty.</summary>
    public abstract ValueTask<ReadOnlyMemory<float>> EmptyTextAsync(CancellationToken cancellationToken);

    /// <summary>What puts embeddings into the space of a strategy; <see langword="null"/> for that of the encoders.</summary>
    public abstract ValueTask<SpaceTransform?> TransformAsync(CompositionStrategy strategy, CancellationToken cancellationToken);

    /// <summary>Lets a query that is not searched for look at the items it would be compared with, where its strategy does that.</summary>
    public abstract ValueTask<QueryVectors> LookAsync(QueryVectors query, GallerySelection? selection, CancellationToken cancellationToken);

    /// <summary>Searches.</summary>
    public abstract ValueTask<IReadOnlyList<GallerySearchResult>> SearchAsync(IReadOnlyList<GallerySearchRequest> requests, CancellationToken cancellationToken);

    /// <summary>See <see cref="IGallerySearch.GetService"/>.</summary>
    public abstract object? GetService(Type serviceType, object? serviceKey);
}
