using ZeroShotCir.Text;

namespace ZeroShotCir.Galleries.Storage;

/// <summary>The items of a gallery that was made in memory.</summary>
internal sealed class MemoryItemTable : ItemTable
{
    private readonly ItemRecord[] _records;
    private readonly Dictionary<string, int> _rows;
    private readonly Lazy<ILookup<string, int>> _composed;

    /// <exception cref="InvalidGalleryException">An id is empty or occurs twice.</exception>
    public MemoryItemTable(ItemRecord[] records)
    {
        _records = records;
        _composed = new Lazy<ILookup<string, int>>(() => Enumerable.Range(0, records.Length).ToLookup(row => CanonicalForm.Compose(records[row].Id), StringComparer.Ordinal));
        _rows = new Dictionary<string, int>(records.Length, StringComparer.Ordinal);
        for (int row = 0; row < records.Length; row++)
        {
            string id = records[row].Id;
            if (string.IsNullOrEmpty(id))
            {
                throw new InvalidGalleryException($"Item {row} has an empty id; every image needs one of its own.");
            }

            if (!_rows.TryAdd(id, row))
            {
                throw new InvalidGalleryException($"The id '{id}' occurs twice, as items {_rows[id]} and {row}; every image needs one of its own.");
            }
        }
    }

    public override int Count => _records.Length;

    public override string IdOf(int row) => _records[row].Id;

    public override ItemRecord Read(int row) => _records[row];

    public override IEnumerable<int> Find(string id) => _rows.TryGetValue(id, out int row) ? [row] : [];

    public override IEnumerable<int> FindAnyForm(string id) => _composed.Value[CanonicalForm.Compose(id)];
}
