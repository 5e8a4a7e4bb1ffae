using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Galleries.Stores;

/// <summary>Makes rows for a store of a gallery.</summary>
public static class GalleryStoreRows
{
    /// <summary>The row of an item.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="ordinal">From 0 to <see cref="Gallery.OrdinalCount"/> - 1.</param>
    /// <param name="beta">How much captions count, the paper's β, in [0, 1].</param>
    /// <param name="emptyText">As in <see cref="Gallery.Fold"/>.</param>
    /// <returns>The row, with its parts.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="beta"/> is not in [0, 1], or <paramref name="ordinal"/> is not an ordinal.</exception>
    /// <exception cref="InvalidEmbeddingException"><paramref name="emptyText"/> has another dimension, is not finite or is zero.</exception>
    public static StoreRow StoreRowAt(this Gallery gallery, int ordinal, double beta, ReadOnlySpan<float> emptyText = default)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        Folding.ThrowIfNotWeight(beta);
        return Row(gallery, ordinal, beta, gallery.UnitEmptyText(emptyText));
    }

    /// <summary>The rows of all items, in the order of their ordinals, made one after the other as they are read.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="beta">How much captions count, the paper's β, in [0, 1].</param>
    /// <param name="emptyText">As in <see cref="Gallery.Fold"/>.</param>
    /// <returns>The rows, with their parts; without removed items.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="beta"/> is not in [0, 1].</exception>
    /// <exception cref="InvalidEmbeddingException"><paramref name="emptyText"/> has another dimension, is not finite or is zero.</exception>
    public static IEnumerable<StoreRow> StoreRows(this Gallery gallery, double beta, ReadOnlyMemory<float> emptyText = default)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        Folding.ThrowIfNotWeight(beta);
        float[] unitEmptyText = gallery.UnitEmptyText(emptyText.Span);
        return Enumerable.Range(0, gallery.OrdinalCount)
            .Where(ordinal => !gallery.IsRemoved(ordinal))
            .Select(ordinal => Row(gallery, ordinal, beta, unitEmptyText));
    }

    private static StoreRow Row(Gallery gallery, int ordinal, double beta, float[] unitEmptyText)
    {
        int dimensions = gallery.Dimensions;
        float[] values = new float[3 * dimensions];
        bool hasCaptions = gallery.FoldItem(
            ordinal, beta, unitEmptyText, values.AsSpan(0, dimensions), values.AsSpan(dimensions, dimensions), values.AsSpan(2 * dimensions));
        return new StoreRow(
            gallery.ItemAt(ordinal),
            values.AsMemory(0, dimensions),
            values.AsMemory(dimensions, dimensions),
            hasCaptions ? values.AsMemory(2 * dimensions) : default);
    }
}
