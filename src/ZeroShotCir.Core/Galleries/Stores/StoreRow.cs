using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Galleries.Stores;

/// <summary>What a store keeps of a gallery item: its folded vector, which is searched, and the parts it was folded from.</summary>
/// <remarks>
/// The parts are what scores are computed from that no single vector can give: those of row-wise strategies, and those of another caption
/// weight than the store is folded for. A store may keep the vector alone; then it refuses such queries. Immutable.
/// </remarks>
public sealed class StoreRow
{
    /// <summary>Describes an item.</summary>
    /// <param name="item">Its id, captions and metadata.</param>
    /// <param name="vector">Image and captions folded into one vector (<see cref="Folding"/>); not longer than 1.</param>
    /// <param name="image">The image embedding, of unit length; empty where it is not kept.</param>
    /// <param name="captions">The mean of the item's caption embeddings of unit length, not renormalized; empty where it has none, or is not kept.</param>
    /// <exception cref="InvalidEmbeddingException">The vector is empty, or a part has another dimension.</exception>
    public StoreRow(GalleryItem item, ReadOnlyMemory<float> vector, ReadOnlyMemory<float> image = default, ReadOnlyMemory<float> captions = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (vector.IsEmpty)
        {
            throw new InvalidEmbeddingException($"The vector of '{item.Id}' is empty; a store needs the folded vector of every item.");
        }

        ThrowIfOther(image, vector.Length, $"The image embedding of '{item.Id}'");
        ThrowIfOther(captions, vector.Length, $"The captions' mean of '{item.Id}'");
        Item = item;
        Vector = vector;
        Image = image;
        Captions = captions;
    }

    /// <summary>Id, captions and metadata; its ordinal is that of the gallery it came from, or -1.</summary>
    public GalleryItem Item { get; }

    /// <summary>The id.</summary>
    public string Id => Item.Id;

    /// <summary>The folded vector, whose inner product with a composed query is the score.</summary>
    public ReadOnlyMemory<float> Vector { get; }

    /// <summary>The image embedding, of unit length; empty where it is not kept.</summary>
    public ReadOnlyMemory<float> Image { get; }

    /// <summary>The mean of the captions' unit embeddings; empty where the item scores by its image alone, or where it is not kept.</summary>
    public ReadOnlyMemory<float> Captions { get; }

    /// <summary>Computes what tells this row from any other: id, captions, metadata and every bit of its vectors.</summary>
    /// <returns>The first eight bytes of a SHA-256, as a little-endian number.</returns>
    public ulong ComputeDigest() => RowDigest.Compute(this);

    private static void ThrowIfOther(ReadOnlyMemory<float> part, int dimensions, string what)
    {
        if (!part.IsEmpty)
        {
            EmbeddingGuard.ThrowIfDimensionsDiffer(part.Length, dimensions, what);
        }
    }
}
