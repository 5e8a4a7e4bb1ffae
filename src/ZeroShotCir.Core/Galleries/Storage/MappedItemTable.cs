using System.Text.Json;
using ZeroShotCir.Tensors;
using ZeroShotCir.Text;

namespace ZeroShotCir.Galleries.Storage;

/// <summary>The items of a segment on disk: only the lines that are asked for are read, and ids are found by binary search.</summary>
internal sealed class MappedItemTable : ItemTable
{
    private readonly string _path;
    private readonly MappedFile _lines;
    private readonly ReadOnlyMemory<long> _offsets;
    private readonly ReadOnlyMemory<ulong> _hashes;
    private readonly ReadOnlyMemory<int> _rows;
    private readonly bool _hashesComposed;

    /// <exception cref="IOException">The items cannot be read.</exception>
    /// <exception cref="InvalidTensorFileException">The id table is malformed.</exception>
    public MappedItemTable(string path, SafeTensorsFile ids)
    {
        _path = path;
        _lines = MappedFile.Open(path);
        _offsets = ids.Read<long>("offsets");
        _hashes = ids.Read<ulong>("hashes");
        _rows = ids.Read<int>("rows");
        _hashesComposed = ids.Metadata.ContainsKey(IdHash.ComposedKey);
        if (_offsets.Length != _rows.Length + 1 || _hashes.Length != _rows.Length)
        {
            throw new InvalidTensorFileException(
                $"The id table '{ids.Path}' has {_hashes.Length} hashes, {_rows.Length} rows and {_offsets.Length} offsets; "
                + "expected one offset more than rows. The gallery is damaged: index the images again.");
        }
    }

    public override int Count => _rows.Length;

    public override string IdOf(int row) => ReadLine(row, ItemLine.ParseId);

    public override bool HasId(int row, string id)
    {
        (long start, int length) = Locate(row);
        bool has = WrittenLine.HasId(_lines.Peek(start, length), id);
        GC.KeepAlive(_lines);
        return has || IdOf(row) == id;
    }

    public override string? FindUnchanged(int row, string id, ItemPlace place, FileStamp file)
    {
        (long start, int length) = Locate(row);
        string? sha256 = WrittenLine.FindUnchanged(_lines.Peek(start, length), id, place, file);
        GC.KeepAlive(_lines);
        return sha256;
    }

    public override ItemRecord Read(int row) => ReadLine(row, ItemLine.Parse);

    public override IEnumerable<int> Find(string id) => RowsOf(HashOf(id)).Where(row => IdOf(row) == id);

    public override IEnumerable<int> FindAnyForm(string id)
    {
        string composed = CanonicalForm.Compose(id);
        IEnumerable<ulong> hashes = _hashesComposed ? [HashOf(id)] : new[] { id, composed, CanonicalForm.Decompose(id) }.Distinct().Select(IdHash.ComputeExact);
        return hashes.SelectMany(RowsOf).Where(row => CanonicalForm.Compose(IdOf(row)) == composed);
    }

    /// <summary>The bytes of a row's line, its line break included.</summary>
    public ReadOnlyMemory<byte> Line(int row)
    {
        (long start, int length) = Locate(row);
        return _lines.Slice<byte>(start, length);
    }

    /// <summary>Checks that the table names every row once, by ascending hashes.</summary>
    /// <exception cref="InvalidGalleryException">It does not.</exception>
    public void VerifyOrder()
    {
        HashSet<int> rows = [];
        for (int i = 0; i < Count; i++)
        {
            if ((i > 0 && _hashes.Span[i] < _hashes.Span[i - 1]) || (uint)_rows.Span[i] >= (uint)Count || !rows.Add(_rows.Span[i]))
            {
                throw new InvalidGalleryException($"The id table of '{_path}' does not lead to every row, first wrong at entry {i}: the gallery is damaged.");
            }
        }
    }

    /// <summary>Checks that the table finds a row.</summary>
    /// <exception cref="InvalidGalleryException">It does not.</exception>
    public void VerifyFound(int row, string id)
    {
        if (!RowsOf(HashOf(id)).Contains(row))
        {
            throw new InvalidGalleryException($"The id table of '{_path}' does not lead to row {row}, '{id}': the gallery is damaged.");
        }
    }

    private (long Start, int Length) Locate(int row)
    {
        if ((uint)row < (uint)Count)
        {
            ReadOnlySpan<long> offsets = _offsets.Span;
            (long start, long end) = (offsets[row], offsets[row + 1]);
            if (start >= 0 && end > start && end <= _lines.Length && end - start <= int.MaxValue)
            {
                return (start, (int)(end - start));
            }
        }

        throw new InvalidGalleryException($"Row {row} of '{_path}' cannot be found: the gallery is damaged. Verify it and index the images again.");
    }

    private ulong HashOf(string id) => _hashesComposed ? IdHash.Compute(id) : IdHash.ComputeExact(id);

    private List<int> RowsOf(ulong hash)
    {
        ReadOnlySpan<ulong> hashes = _hashes.Span;
        int position = hashes.BinarySearch(hash);
        List<int> rows = [];
        while (position > 0 && hashes[position - 1] == hash)
        {
            position--;
        }

        for (; position >= 0 && position < hashes.Length && hashes[position] == hash; position++)
        {
            rows.Add(_rows.Span[position]);
        }

        return rows;
    }

    private T ReadLine<T>(int row, ParseLine<T> parse)
    {
        ReadOnlyMemory<byte> line = Line(row);
        try
        {
            return parse(line.Span);
        }
        catch (JsonException e)
        {
            throw new InvalidGalleryException($"Line {row + 1} of '{_path}' is damaged: {e.Message} Verify the gallery and index the images again.", e);
        }
        finally
        {
            GC.KeepAlive(line);
        }
    }

    private delegate T ParseLine<T>(ReadOnlySpan<byte> line);
}
