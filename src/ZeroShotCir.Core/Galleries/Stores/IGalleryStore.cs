using ZeroShotCir.Composition;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries.Stores;

/// <summary>
/// A gallery in an engine that ranks vectors by their inner product: a database, a cluster, a service. Implement it to serve a gallery from
/// there; <c>ZeroShotCir.Retrieval.StoreGallerySearch</c> searches it with every strategy that folded rows can answer.
/// </summary>
/// <remarks>
/// <para>Implementations serve concurrent callers. Errors of the engine pass through as they are, but for what each method says.</para>
/// <para>
/// Rows are not of unit length: an engine that only knows cosine or Euclidean distance stores one component more,
/// <see cref="Folding.CosineComponent"/>, and 0 in queries. Metadata are strings, and <see cref="GalleryFilter"/> compares them as
/// <see cref="FilterOperator"/> says; a condition that the engine cannot express is refused, never left out.
/// </para>
/// </remarks>
public interface IGalleryStore
{
    /// <summary>What the store is called in messages, such as <c>redis://cache:6379/photos</c>, without a password.</summary>
    string Name { get; }

    /// <summary>
    /// Whether the store compares every row in float32, so that it finds the best ones and their scores are exact. Otherwise more are asked
    /// for than are wanted, and scored again from their vectors.
    /// </summary>
    bool IsExact { get; }

    /// <summary>Reads what the rows are.</summary>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The description; <see langword="null"/> where nothing was stored yet.</returns>
    /// <exception cref="InvalidGalleryException">The description is damaged or of a newer version.</exception>
    ValueTask<StoreDescription?> GetDescriptionAsync(CancellationToken cancellationToken = default);

    /// <summary>Writes what the rows are; before the first row, and again when moments or the generation change.</summary>
    /// <param name="description">The description.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidGalleryException">The store holds rows of another model, dimension or folding; the message names both.</exception>
    ValueTask SetDescriptionAsync(StoreDescription description, CancellationToken cancellationToken = default);

    /// <summary>Adds rows, or replaces those of the same ids; twice the same is once.</summary>
    /// <param name="rows">The rows; any number.</param>
    /// <param name="cancellationToken">Stops the work; rows that were written stay.</param>
    ValueTask UpsertAsync(IReadOnlyList<StoreRow> rows, CancellationToken cancellationToken = default);

    /// <summary>Deletes rows. Ids that are not there are none of its business.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    ValueTask DeleteAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default);

    /// <summary>Counts the rows.</summary>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The number.</returns>
    ValueTask<long> CountAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads rows by their ids.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>For each id its row, with all the store keeps of it; <see langword="null"/> where there is none.</returns>
    ValueTask<IReadOnlyList<StoreRow?>> GetAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default);

    /// <summary>Finds the rows with the largest inner product with a vector.</summary>
    /// <param name="vector">The vector, of the store's dimension; need not have unit length.</param>
    /// <param name="k">How many, at least 1.</param>
    /// <param name="filter">What an item must be to be found; <see langword="null"/> for anything.</param>
    /// <param name="includeVectors">Whether hits bring their <see cref="StoreHit.Row"/>.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The hits, best first.</returns>
    /// <exception cref="NotSupportedException">The engine cannot express the filter; the message names the condition.</exception>
    ValueTask<StoreAnswer> FindAsync(
        ReadOnlyMemory<float> vector, int k, GalleryFilter? filter = null, bool includeVectors = false, CancellationToken cancellationToken = default);

    /// <summary>The way to what only this store can: its client, its own options.</summary>
    /// <param name="serviceType">The type that is wanted.</param>
    /// <param name="serviceKey">A key where there are several.</param>
    /// <returns>The object, or <see langword="null"/> where there is none.</returns>
    object? GetService(Type serviceType, object? serviceKey = null);
}
