using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Retrieval;

/// <summary>An item that a search found.</summary>
public sealed class GalleryHit
{
    /// <summary>Describes a hit.</summary>
    /// <param name="item">The item.</param>
    /// <param name="score">Its score; comparable within one query only.</param>
    /// <param name="row">Its vectors, where they were asked for.</param>
    public GalleryHit(GalleryItem item, float score, StoreRow? row = null)
    {
        ArgumentNullException.ThrowIfNull(item);
        Item = item;
        Score = score;
        Row = row;
    }

    /// <summary>The item: id, captions, metadata.</summary>
    public GalleryItem Item { get; }

    /// <summary>The id of the item.</summary>
    public string Id => Item.Id;

    /// <summary>Its score; comparable within one query only.</summary>
    public float Score { get; }

    /// <summary>Its vectors; <see langword="null"/> where they were not asked for.</summary>
    public StoreRow? Row { get; }
}
