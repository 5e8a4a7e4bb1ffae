using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Tests.Stores;

/// <summary>A store that knows nothing but inner products of folded vectors, in double; inexact ones round their scores.</summary>
internal sealed class MemoryStore(bool isExact = true) : IGalleryStore
{
    private readonly Dictionary<string, StoreRow> _rows = new(StringComparer.Ordinal);
    private StoreDescription? _description;

    public string Name => "memory://rows";

    public bool IsExact => isExact;

    /// <summary>The largest number of hits that was asked for.</summary>
    public int Deepest { get; private set; }

    /// <summary>What every answer says is missing.</summary>
    public IReadOnlyList<string> Missing { get; set; } = [];

    /// <summary>What every search fails with.</summary>
    public Exception? Failure { get; set; }

    public static async Task<MemoryStore> CreateAsync(
        Gallery gallery, double beta, bool isExact = true, bool keepsParts = true, bool measures = true, CancellationToken cancellationToken = default)
    {
        MemoryStore store = new(isExact);
        RowMoments images = new(gallery.Dimensions), captions = new(gallery.Dimensions);
        StoreRow[] rows = [.. gallery.StoreRows(beta)];
        foreach (StoreRow row in rows)
        {
            images.Add(row.Image.Span);
            if (!row.Captions.IsEmpty)
            {
                captions.Add(row.Captions.Span);
            }
        }

        await store.SetDescriptionAsync(
            new StoreDescription(gallery.Dimensions, beta)
            {
                Model = gallery.Model,
                Rows = rows.Length,
                KeepsParts = keepsParts,
                Images = measures ? images : null,
                Captions = measures ? captions : null,
            },
            cancellationToken);
        await store.UpsertAsync(keepsParts ? rows : [.. rows.Select(row => new StoreRow(row.Item, row.Vector))], cancellationToken);
        return store;
    }

    public ValueTask<StoreDescription?> GetDescriptionAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(_description);

    public ValueTask SetDescriptionAsync(StoreDescription description, CancellationToken cancellationToken = default)
    {
        _description = description;
        return ValueTask.CompletedTask;
    }

    public ValueTask UpsertAsync(IReadOnlyList<StoreRow> rows, CancellationToken cancellationToken = default)
    {
        foreach (StoreRow row in rows)
        {
            _rows[row.Id] = row;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DeleteAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default)
    {
        foreach (string id in ids)
        {
            _rows.Remove(id);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<long> CountAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult((long)_rows.Count);

    public ValueTask<IReadOnlyList<StoreRow?>> GetAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default)
        => ValueTask.FromResult<IReadOnlyList<StoreRow?>>([.. ids.Select(_rows.GetValueOrDefault)]);

    public ValueTask<StoreAnswer> FindAsync(
        ReadOnlyMemory<float> vector, int k, GalleryFilter? filter = null, bool includeVectors = false, CancellationToken cancellationToken = default)
    {
        Deepest = Math.Max(Deepest, k);
        if (Failure is not null)
        {
            throw Failure;
        }

        StoreHit[] hits =
        [
            .. _rows.Values.Where(row => filter is null || filter.Matches(row.Item))
                .Select(row => (Row: row, Score: (float)Math.Round(row.Vector.ToArray().Select((value, i) => (double)value * vector.Span[i]).Sum(), isExact ? 15 : 2)))
                .OrderByDescending(hit => hit.Score)
                .Take(k)
                .Select(hit => includeVectors ? new StoreHit(hit.Row, hit.Score) : new StoreHit(hit.Row.Item, hit.Score)),
        ];
        return ValueTask.FromResult(new StoreAnswer(hits) { Missing = Missing });
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(_rows) ? _rows : null;
}
