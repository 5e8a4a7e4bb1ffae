namespace ZeroShotCir.Galleries.Stores;

/// <summary>An item that a store found for one vector.</summary>
public sealed class StoreHit
{
    /// <summary>Describes a hit.</summary>
    /// <param name="row">What the store keeps of the item, or of it what was asked for.</param>
    /// <param name="score">The inner product of the vector that was searched with the item's folded vector, as the store computed it.</param>
    public StoreHit(StoreRow row, float score)
    {
        ArgumentNullException.ThrowIfNull(row);
        Item = row.Item;
        Row = row;
        Score = score;
    }

    /// <summary>Describes a hit without its vectors.</summary>
    /// <param name="item">Its id, captions and metadata.</param>
    /// <param name="score">The inner product of the vector that was searched with the item's folded vector, as the store computed it.</param>
    public StoreHit(GalleryItem item, float score)
    {
        ArgumentNullException.ThrowIfNull(item);
        Item = item;
        Score = score;
    }

    /// <summary>Id, captions and metadata.</summary>
    public GalleryItem Item { get; }

    /// <summary>The inner product, as the store computed it.</summary>
    public float Score { get; }

    /// <summary>The item's vectors; <see langword="null"/> where they were not asked for.</summary>
    public StoreRow? Row { get; }
}
