using ZeroShotCir.Similarity;

namespace ZeroShotCir.Composition;

/// <summary>
/// The items that a query is compared with, for strategies that look at them before they compose: those that feed first hits back, and
/// those that read what is kept with a gallery.
/// </summary>
/// <remarks>They are the items that may be found, before single ones are left out. Implementations serve concurrent callers.</remarks>
public abstract class SearchedItems
{
    /// <summary>What was measured of a corpus of texts and is kept with the gallery; <see langword="null"/> where nothing is.</summary>
    public abstract CorpusProjection? Projection { get; }

    /// <summary>Finds the items whose images are most similar to a vector: one scan.</summary>
    /// <param name="vector">The vector, of any length but zero.</param>
    /// <param name="count">How many; fewer where fewer are searched.</param>
    /// <returns>The items with their inner products, best first, ties to the smaller ordinal.</returns>
    public abstract IReadOnlyList<SearchHit> Nearest(ReadOnlyMemory<float> vector, int count);

    /// <summary>Copies an item's image embedding.</summary>
    /// <param name="ordinal">Its ordinal.</param>
    /// <param name="unit">Receives it, of unit length.</param>
    public abstract void CopyImage(int ordinal, Span<float> unit);
}
