namespace ZeroShotCir.Galleries.Storage;

/// <summary>What is known of the rows of a segment beside their embeddings.</summary>
/// <remarks>Serves concurrent callers.</remarks>
internal abstract class ItemTable
{
    /// <summary>The number of rows.</summary>
    public abstract int Count { get; }

    /// <summary>The id of a row.</summary>
    public abstract string IdOf(int row);

    /// <summary>Whether a row has this very id.</summary>
    public virtual bool HasId(int row, string id) => IdOf(row) == id;

    /// <summary>
    /// The SHA-256 of a row's image, where a short look shows that nothing but its captions is known of the row beside this id, this place
    /// and this file; <see langword="null"/> where it does not show.
    /// </summary>
    public virtual string? FindUnchanged(int row, string id, ItemPlace place, FileStamp file) => null;

    /// <summary>Everything that is known of a row.</summary>
    public abstract ItemRecord Read(int row);

    /// <summary>The rows that have an id: none, one, or several of which all but one were removed.</summary>
    public abstract IEnumerable<int> Find(string id);

    /// <summary>The rows whose id is the same text in any Unicode form.</summary>
    public abstract IEnumerable<int> FindAnyForm(string id);
}
