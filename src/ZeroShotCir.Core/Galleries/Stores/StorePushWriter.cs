namespace ZeroShotCir.Galleries.Stores;

/// <summary>Writes the rows of one push, shard after shard, and measures them.</summary>
internal sealed class StorePushWriter
{
    private readonly IGalleryStore _store;
    private readonly Gallery _gallery;
    private readonly StoreDescription _wanted;
    private readonly StorePushOptions _options;
    private readonly IProgress<StorePushProgress>? _progress;

    public StorePushWriter(IGalleryStore store, Gallery gallery, StoreDescription wanted, StorePushOptions options, IProgress<StorePushProgress>? progress)
    {
        _store = store;
        _gallery = gallery;
        _wanted = wanted;
        _options = options;
        _progress = progress;
        Images = options.MeasureMoments ? new RowMoments(gallery.Dimensions) : null;
        Captions = options.MeasureMoments ? new RowMoments(gallery.Dimensions) : null;
    }

    public int Shards { get; set; }

    public long Written { get; private set; }

    public long Unchanged { get; private set; }

    public long Deleted { get; private set; }

    public RowMoments? Images { get; }

    public RowMoments? Captions { get; }

    /// <param name="ordinals">The items of the shard.</param>
    /// <param name="known">What the store has of it; <see langword="null"/> where it does not say.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task WriteAsync(IReadOnlyList<int> ordinals, IReadOnlyDictionary<string, ulong>? known, CancellationToken cancellationToken)
    {
        HashSet<string> superfluous = known is null ? Removed() : [.. known.Keys];
        List<StoreRow> batch = [];
        foreach (int ordinal in ordinals)
        {
            StoreRow row = RowOf(ordinal);
            superfluous.Remove(row.Id);
            if (known is not null && known.TryGetValue(row.Id, out ulong digest) && digest == row.ComputeDigest())
            {
                Unchanged++;
                Report(Unchanged % _options.BatchSize == 0);
                continue;
            }

            batch.Add(row);
            if (batch.Count == _options.BatchSize)
            {
                await FlushAsync(batch, cancellationToken).ConfigureAwait(false);
            }
        }

        await FlushAsync(batch, cancellationToken).ConfigureAwait(false);
        foreach (string[] ids in superfluous.Chunk(_options.BatchSize))
        {
            await _store.DeleteAsync(ids, cancellationToken).ConfigureAwait(false);
            Deleted += ids.Length;
        }
    }

    private async Task FlushAsync(List<StoreRow> batch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (batch.Count > 0)
        {
            await _store.UpsertAsync(batch, cancellationToken).ConfigureAwait(false);
            Written += batch.Count;
            batch.Clear();
        }

        Report(true);
    }

    private StoreRow RowOf(int ordinal)
    {
        StoreRow row = _gallery.StoreRowAt(ordinal, _wanted.Beta, _options.EmptyText.Span);
        Images?.Add(row.Image.Span);
        if (!row.Captions.IsEmpty)
        {
            Captions?.Add(row.Captions.Span);
        }

        return _wanted.KeepsParts ? row : new StoreRow(row.Item, row.Vector);
    }

    // A store that does not say what it holds may still hold what the gallery remembers to have removed.
    private HashSet<string> Removed()
        => [.. Enumerable.Range(0, _gallery.OrdinalCount).Where(_gallery.IsRemoved).Select(_gallery.IdOf).Where(id => !_gallery.TryGetExactOrdinal(id, out int _))];

    private void Report(bool isDue)
    {
        if (isDue)
        {
            _progress?.Report(new StorePushProgress(Written + Unchanged, _gallery.Count));
        }
    }
}
