using System.Text.Json;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Galleries;

/// <summary>The items of a segment on disk: only the lines that are asked for are read, and ids are found by binary search.</summary>
internal sealed class MappedItemTable : ItemTable
{
    private readonly string _path;
    private readonly MappedFile _lines;
    private readonly ReadOnlyMemory<long> _offsets;
    private readonly ReadOnlyMemory<ulong> _hashes;
    private readonly ReadOnlyMemory<int> _rows;

    /// <exception cref="IOException">The items cannot be read.</exception>
    /// <exception cref="InvalidTensorFileException">The id table is malformed.</exception>
    public MappedItemTable(string path, SafeTensorsFile ids)
    {
        _path = path;
        _lines = MappedFile.Open(path);
        _offsets = ids.Read<long>("offsets");
        _hashes = ids.Read<ulong>("hashes");
        _rows = ids.Read<int>("rows");
        if (_offsets.Length != _rows.Length + 1 || _hashes.Length != _rows.Length)
        {
            throw new InvalidTensorFileException(
                $"The id table '{ids.Path}' has {_hashes.Length} hashes, {_rows.Length} rows and {_offsets.Length} offsets; expected one offset more than rows. The gallery is damaged: index the images again.");
        }
    }

    public override int Count => _rows.Length;

    public override string IdOf(int row) => ReadLine(row, ItemLine.ParseId);

    public override ItemRecord Read(int row) => ReadLine(row, ItemLine.Parse);

    public override IEnumerable<int> Find(string id)
    {
        ulong hash = IdHash.Of(id);
        ReadOnlySpan<ulong> hashes = _hashes.Span;
        int position = hashes.BinarySearch(hash);
        if (position < 0)
        {
            return [];
        }

        while (position > 0 && hashes[position - 1] == hash)
        {
            position--;
        }

        List<int> found = [];
        for (; position < hashes.Length && hashes[position] == hash; position++)
        {
            int row = _rows.Span[position];
            if (IdOf(row) == id)
            {
                found.Add(row);
            }
        }

        return found;
    }

    /// <summary>The bytes of a row's line, its line break included.</summary>
    public ReadOnlyMemory<byte> Line(int row)
    {
        if ((uint)row < (uint)Count)
        {
            (long start, long end) = (_offsets.Span[row], _offsets.Span[row + 1]);
            if (start >= 0 && end > start && end <= _lines.Length && end - start <= int.MaxValue)
            {
                return _lines.Slice<byte>(start, (int)(end - start));
            }
        }

        throw new InvalidGalleryException($"Row {row} of '{_path}' cannot be found: the gallery is damaged. Verify it and index the images again.");
    }

    /// <summary>Checks that the table finds every row.</summary>
    /// <exception cref="InvalidGalleryException">A row is missing, or a hash is not that of its id.</exception>
    public void Verify()
    {
        HashSet<int> rows = [];
        for (int i = 0; i < Count; i++)
        {
            int row = _rows.Span[i];
            if ((i > 0 && _hashes.Span[i] < _hashes.Span[i - 1]) || !rows.Add(row) || IdHash.Of(Read(row).Id) != _hashes.Span[i])
            {
                throw new InvalidGalleryException($"The id table of '{_path}' does not lead to row {row}: the gallery is damaged.");
            }
        }
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
