using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Retrieval;

/// <summary>
/// Where composed queries are searched for: a gallery in this process (<see cref="ExactGallerySearch"/>), or a store elsewhere
/// (<see cref="StoreGallerySearch"/>). A <see cref="ComposedImageRetriever"/> takes either.
/// </summary>
/// <remarks>Implementations serve concurrent callers, and long work leaves the caller's thread.</remarks>
public interface IGallerySearch
{
    /// <summary>Says what is searched.</summary>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>Dimension, model, and how rows are folded.</returns>
    ValueTask<GallerySearchInfo> GetInfoAsync(CancellationToken cancellationToken = default);

    /// <summary>Searches for queries.</summary>
    /// <param name="requests">The queries, each with what it wants; may be empty. One answers as it would alone.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>One result for each request, in their order. It says where it is approximate, and what is missing from it.</returns>
    /// <exception cref="ArgumentException">A selection was made by another gallery, or is given to a store.</exception>
    /// <exception cref="InvalidQueryException">What is searched cannot answer a query; the message says why.</exception>
    /// <exception cref="UnknownItemException">An id that is left out is not in the gallery; stores do not look.</exception>
    /// <exception cref="Embeddings.InvalidEmbeddingException">A query has another dimension or no direction.</exception>
    ValueTask<IReadOnlyList<GallerySearchResult>> SearchAsync(IReadOnlyList<GallerySearchRequest> requests, CancellationToken cancellationToken = default);

    /// <summary>Reads items by their ids, for queries that name images of the gallery.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>One row for each id.</returns>
    /// <exception cref="UnknownItemException">An id is not there.</exception>
    ValueTask<IReadOnlyList<StoreRow>> GetRowsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default);

    /// <summary>The way to what only this search can: its gallery, its store, the store's client.</summary>
    /// <param name="serviceType">The type that is wanted.</param>
    /// <param name="serviceKey">A key where there are several.</param>
    /// <returns>The object, or <see langword="null"/> where there is none.</returns>
    object? GetService(Type serviceType, object? serviceKey = null);
}
