using System.Globalization;
using StackExchange.Redis;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Stores.Redis;

/// <summary>The folding that is served, or the one that is being written, as a store.</summary>
internal sealed class RedisFoldingStore(RedisSite site, bool isStaged) : IGalleryStore, IStoreDigests
{
    private RedisFolding? _folding;
    private Described? _described;

    public string Name => isStaged ? $"{site.Name} (being refolded)" : site.Name;

    public bool IsExact => false;

    public async ValueTask<StoreDescription?> GetDescriptionAsync(CancellationToken cancellationToken = default)
    {
        RedisManifest? manifest = await site.ReadAsync(fresh: false, cancellationToken).ConfigureAwait(false);
        if (StateOf(manifest) is not { } state)
        {
            return null;
        }

        if (_described is { } described && described.Number == state.Number
            && described.Description.Generation == state.Description.Generation && described.Description.IsWhole == state.Description.IsWhole)
        {
            return described.Description;
        }

        RowMoments? images = await MomentsAsync(state.Number, "images").ConfigureAwait(false);
        RowMoments? captions = await MomentsAsync(state.Number, "captions").ConfigureAwait(false);
        StoreDescription description = state.Description.With(images, captions);
        _described = new Described(state.Number, description);
        return description;
    }

    public async ValueTask SetDescriptionAsync(StoreDescription description, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(description);
        RedisManifest manifest = await site.ReadAsync(fresh: true, cancellationToken).ConfigureAwait(false)
            ?? new RedisManifest
            {
                Sequence = 0,
                Shards = site.DefaultShards,
                Dialect = await VectorSetDialect.FindAsync(site.Database, site.Key(0, "probe")).ConfigureAwait(false),
                Served = 0,
                Foldings = [],
            };
        RedisFoldingState? state = StateOf(manifest);
        state?.Description.ThrowIfOther(description, Name);
        int number = state?.Number ?? manifest.Foldings.Select(folding => folding.Number).DefaultIfEmpty(0).Max() + 1;
        RedisFolding folding = Folding(manifest, number, description);
        IReadOnlyList<long> rows = description.IsWhole ? await folding.CountAsync().ConfigureAwait(false) : state?.RowsOfShards ?? new long[manifest.Shards];
        await WriteMomentsAsync(number, "images", description.Images).ConfigureAwait(false);
        await WriteMomentsAsync(number, "captions", description.Captions).ConfigureAwait(false);
        await site.WriteAsync(manifest.With(new RedisFoldingState(number, description, rows), isStaged ? null : number)).ConfigureAwait(false);
        _described = new Described(number, description);
    }

    public async ValueTask UpsertAsync(IReadOnlyList<StoreRow> rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        RedisFolding folding = await FoldingAsync(cancellationToken).ConfigureAwait(false);
        await folding.UpsertAsync(rows, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DeleteAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        RedisFolding folding = await FoldingAsync(cancellationToken).ConfigureAwait(false);
        await folding.DeleteAsync(ids, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<long> CountAsync(CancellationToken cancellationToken = default)
    {
        RedisManifest? manifest = await site.ReadAsync(fresh: false, cancellationToken).ConfigureAwait(false);
        return StateOf(manifest) is { } state
            ? await Folding(manifest!, state.Number, state.Description).CountAsync(state.RowsOfShards, cancellationToken).ConfigureAwait(false)
            : 0;
    }

    public async ValueTask<IReadOnlyList<StoreRow?>> GetAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        RedisFolding folding = await FoldingAsync(cancellationToken).ConfigureAwait(false);
        return await folding.GetAsync(ids, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<StoreAnswer> FindAsync(
        ReadOnlyMemory<float> vector, int k, GalleryFilter? filter = null, bool includeVectors = false, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ShardSearch search = new(site, vector, k, filter);
        RedisManifest manifest = await ManifestAsync(fresh: false, cancellationToken).ConfigureAwait(false);
        StoreAnswer answer = await search.RunAsync(Folding(manifest), StateOf(manifest)!, cancellationToken).ConfigureAwait(false);
        if (search.HasLostRows && await ManifestAsync(fresh: true, cancellationToken).ConfigureAwait(false) is var newer && newer.Sequence != manifest.Sequence)
        {
            // The store was pushed to or refolded since it was last looked at.
            answer = await search.RunAsync(Folding(newer), StateOf(newer)!, cancellationToken).ConfigureAwait(false);
        }

        return includeVectors ? await WithVectorsAsync(answer, cancellationToken).ConfigureAwait(false) : answer;
    }

    public async ValueTask<int> CountShardsAsync(CancellationToken cancellationToken = default)
        => (await ManifestAsync(fresh: false, cancellationToken).ConfigureAwait(false)).Shards;

    public async ValueTask<IReadOnlyDictionary<string, ulong>> ReadDigestsAsync(int shard, CancellationToken cancellationToken = default)
    {
        RedisFolding folding = await FoldingAsync(cancellationToken).ConfigureAwait(false);
        return await folding.ReadDigestsAsync(shard, cancellationToken).ConfigureAwait(false);
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null : serviceType.IsInstanceOfType(this) ? this : serviceType.IsInstanceOfType(site.Connection) ? site.Connection : null;
    }

    private async Task<StoreAnswer> WithVectorsAsync(StoreAnswer answer, CancellationToken cancellationToken)
    {
        RedisFolding folding = await FoldingAsync(cancellationToken).ConfigureAwait(false);
        List<StoreHit> hits = [];
        List<string> missing = [.. answer.Missing];
        Task<StoreRow?>[] reads = [.. answer.Hits.Select(async hit => (await folding.GetAsync([hit.Item.Id], cancellationToken).ConfigureAwait(false))[0])];
        int lost = 0;
        for (int i = 0; i < reads.Length; i++)
        {
            try
            {
                // A row that is gone was deleted since.
                if (await reads[i].ConfigureAwait(false) is { } row)
                {
                    hits.Add(new StoreHit(row, answer.Hits[i].Score));
                }
            }
            catch (Exception exception) when (RedisSite.IsAbsence(exception))
            {
                lost++;
            }
        }

        if (lost > 0)
        {
            missing.Add($"{lost} images that were found could not be read, because their node went away.");
        }

        return new StoreAnswer(hits) { Missing = missing };
    }

    private RedisFoldingState? StateOf(RedisManifest? manifest) => isStaged ? manifest?.StagedFolding : manifest?.ServedFolding;

    private async ValueTask<RedisManifest> ManifestAsync(bool fresh, CancellationToken cancellationToken)
    {
        RedisManifest? manifest = await site.ReadAsync(fresh, cancellationToken).ConfigureAwait(false);
        return StateOf(manifest) is null
            ? throw new InvalidGalleryException($"The store '{Name}' holds no gallery. Push one to it first.")
            : manifest!;
    }

    private async ValueTask<RedisFolding> FoldingAsync(CancellationToken cancellationToken)
        => Folding(await ManifestAsync(fresh: false, cancellationToken).ConfigureAwait(false));

    private RedisFolding Folding(RedisManifest manifest) => Folding(manifest, StateOf(manifest)!.Number, StateOf(manifest)!.Description);

    private RedisFolding Folding(RedisManifest manifest, int number, StoreDescription description)
    {
        RedisFolding? folding = Volatile.Read(ref _folding);
        if (folding?.Number != number)
        {
            folding = new RedisFolding(site, manifest.Dialect, number, manifest.Shards, description);
            Volatile.Write(ref _folding, folding);
        }

        return folding;
    }

    private RedisKey MomentsKey(int number, string what) => site.Key(0, string.Create(CultureInfo.InvariantCulture, $"{number}:moments:{what}"));

    private async Task<RowMoments?> MomentsAsync(int number, string what)
    {
        try
        {
            return (byte[]?)await site.Database.StringGetAsync(MomentsKey(number, what)).ConfigureAwait(false) is { } bytes ? RowMoments.FromBytes(bytes) : null;
        }
        catch (Exception exception) when (RedisSite.IsAbsence(exception))
        {
            // Without its node strategies that need them are refused; the others search on.
            return null;
        }
    }

    private async Task WriteMomentsAsync(int number, string what, RowMoments? moments)
    {
        if (moments is not null)
        {
            await site.Database.StringSetAsync(MomentsKey(number, what), moments.ToBytes()).ConfigureAwait(false);
        }
    }

    private sealed record Described(int Number, StoreDescription Description);
}
