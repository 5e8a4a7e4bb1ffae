namespace ZeroShotCir.Galleries.Stores;

/// <summary>What a push did.</summary>
public sealed class StorePushResult
{
    internal StorePushResult(long written, long unchanged, long deleted, bool isRefolded, StoreDescription description)
    {
        Written = written;
        Unchanged = unchanged;
        Deleted = deleted;
        IsRefolded = isRefolded;
        Description = description;
    }

    /// <summary>The number of rows that were written: new, changed, lost or half written before.</summary>
    public long Written { get; }

    /// <summary>The number of rows that the store had already.</summary>
    public long Unchanged { get; }

    /// <summary>The number of rows that the gallery has no more.</summary>
    public long Deleted { get; }

    /// <summary>Whether a second folding was written and took the place of the first.</summary>
    public bool IsRefolded { get; }

    /// <summary>What the store holds now.</summary>
    public StoreDescription Description { get; }
}
