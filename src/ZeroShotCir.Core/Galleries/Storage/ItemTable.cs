namespace ZeroShotCir.Galleries.Storage;

/// <summary>What is known of the rows of a segment beside their embeddings.</summary>
/// <remarks>Serves concurrent callers.</remarks>
internal abstract class ItemTable
{
    /// <summary>The number of rows.</summary>
    public abstract int Count { get; }

    /// <summary>The id of a row.</summary>
    public abstract string IdOf(int row);

    /// <summary>Everything that is known of a row.</summary>
    public abstract ItemRecord Read(int row);

    /// <summary>The rows that have an id: none, one, or several of which all but one were removed.</summary>
    public abstract IEnumerable<int> Find(string id);

    /// <summary>The rows whose id is the same text in any Unicode form.</summary>
    public abstract IEnumerable<int> FindAnyForm(string id);
}
