using StackExchange.Redis;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Stores.Redis;

/// <summary>
/// A gallery in the vector sets of Garnet, on one node or spread over a cluster, or of Redis 8 (written by its documentation, not tested
/// against a server).
/// </summary>
/// <remarks>
/// <para>Serves concurrent callers. Rows are stored in float32, and ranked by a graph that is approximate: <see cref="RedisGalleryStoreOptions.SearchDepth"/> says how much
/// so.</para>
/// <para>
/// A search asks all shards at once. One that does not answer in time is left out, and the answer says how many images were not looked at;
/// so it does where a shard has lost rows, and while a push is under way. What is missing comes back with the next push of the gallery.
/// </para>
/// <para>
/// Filters are evaluated by the server as far as it can, and once more on what it found. Where too few are left it looks deeper, up to all
/// rows of a shard.
/// </para>
/// </remarks>
public sealed class RedisGalleryStore : IGalleryStore, IStoreDigests, IRefoldableStore, IAsyncDisposable
{
    private readonly RedisSite _site;
    private readonly RedisFoldingStore _served;
    private readonly bool _ownsConnection;

    /// <summary>Creates a store on a connection that stays the caller's.</summary>
    /// <param name="connection">The connection. With <see cref="BacklogPolicy.FailFast"/> a search does not wait for a node that is away.</param>
    /// <param name="gallery">The name of the gallery: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>; part of its keys.</param>
    /// <param name="options">How to spread and search; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">The name is empty or has other characters.</exception>
    public RedisGalleryStore(IConnectionMultiplexer connection, string gallery, RedisGalleryStoreOptions? options = null)
        : this(connection, gallery, options, ownsConnection: false)
    {
    }

    private RedisGalleryStore(IConnectionMultiplexer connection, string gallery, RedisGalleryStoreOptions? options, bool ownsConnection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ThrowIfNoName(gallery);
        _site = new RedisSite(connection, gallery, options?.Copy() ?? new RedisGalleryStoreOptions());
        _served = new RedisFoldingStore(_site, isStaged: false);
        _ownsConnection = ownsConnection;
    }

    /// <inheritdoc/>
    public string Name => _site.Name;

    /// <inheritdoc/>
    public bool IsExact => _served.IsExact;

    /// <summary>Connects to a server or cluster.</summary>
    /// <param name="address">
    /// <c>redis://[user:password@]host[:port][,host[:port]…]/gallery</c>; <c>rediss://</c> for TLS. A cluster is found from any of its nodes.
    /// </param>
    /// <param name="options">How to spread and search; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The store, with a connection of its own.</returns>
    /// <exception cref="ArgumentException">The address is malformed.</exception>
    /// <exception cref="RedisConnectionException">No server can be reached.</exception>
    public static async Task<RedisGalleryStore> ConnectAsync(
        string address, RedisGalleryStoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        RedisAddress parsed = RedisAddress.Parse(address);
        ThrowIfNoName(parsed.Gallery);
        cancellationToken.ThrowIfCancellationRequested();
        Task<ConnectionMultiplexer> connecting = ConnectionMultiplexer.ConnectAsync(parsed.Configuration);
        try
        {
            return new RedisGalleryStore(await connecting.WaitAsync(cancellationToken).ConfigureAwait(false), parsed.Gallery, options, ownsConnection: true);
        }
        catch (OperationCanceledException)
        {
            // The client cannot be stopped: what it still opens in vain is closed.
            _ = connecting.ContinueWith(
                static opened => opened.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<StoreDescription?> GetDescriptionAsync(CancellationToken cancellationToken = default) => _served.GetDescriptionAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask SetDescriptionAsync(StoreDescription description, CancellationToken cancellationToken = default)
        => _served.SetDescriptionAsync(description, cancellationToken);

    /// <inheritdoc/>
    public ValueTask UpsertAsync(IReadOnlyList<StoreRow> rows, CancellationToken cancellationToken = default) => _served.UpsertAsync(rows, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DeleteAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default) => _served.DeleteAsync(ids, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(CancellationToken cancellationToken = default) => _served.CountAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoreRow?>> GetAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default) => _served.GetAsync(ids, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoreAnswer> FindAsync(
        ReadOnlyMemory<float> vector, int k, GalleryFilter? filter = null, bool includeVectors = false, CancellationToken cancellationToken = default)
        => _served.FindAsync(vector, k, filter, includeVectors, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> CountShardsAsync(CancellationToken cancellationToken = default) => _served.CountShardsAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, ulong>> ReadDigestsAsync(int shard, CancellationToken cancellationToken = default)
        => _served.ReadDigestsAsync(shard, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IGalleryStore> StageAsync(StoreDescription description, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(description);
        RedisManifest manifest = await _site.ReadAsync(fresh: true, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidGalleryException($"The store '{Name}' holds no gallery that could be refolded. Push one to it first.");
        if (manifest.StagedFolding is { } unfinished && !unfinished.Description.IsSameFolding(description))
        {
            await _site.WriteAsync(manifest.Without(unfinished.Number)).ConfigureAwait(false);
            await DropAsync(manifest, unfinished).ConfigureAwait(false);
        }

        RedisFoldingStore staged = new(_site, isStaged: true);
        if (await staged.GetDescriptionAsync(cancellationToken).ConfigureAwait(false) is null)
        {
            await staged.SetDescriptionAsync(description, cancellationToken).ConfigureAwait(false);
        }

        return staged;
    }

    /// <inheritdoc/>
    public async ValueTask ServeStagedAsync(CancellationToken cancellationToken = default)
    {
        RedisManifest? manifest = await _site.ReadAsync(fresh: true, cancellationToken).ConfigureAwait(false);
        if (manifest?.StagedFolding is not { Description.IsWhole: true } staged)
        {
            throw new InvalidOperationException($"The store '{Name}' has no folding that is written and whole. Push the gallery with the new weight first.");
        }

        RedisFoldingState? old = manifest.ServedFolding;
        await _site.WriteAsync(manifest.Only(staged.Number)).ConfigureAwait(false);
        if (old is not null)
        {
            await DropAsync(manifest, old).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : _served.GetService(serviceType, serviceKey);
    }

    /// <summary>Closes the connection, if the store made it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ownsConnection)
        {
            await _site.Connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task DropAsync(RedisManifest manifest, RedisFoldingState folding)
        => await new RedisFolding(_site, manifest.Dialect, folding.Number, manifest.Shards, folding.Description).DropAsync().ConfigureAwait(false);

    private static void ThrowIfNoName(string gallery)
    {
        ArgumentException.ThrowIfNullOrEmpty(gallery);
        if (!gallery.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.'))
        {
            throw new ArgumentException($"'{gallery}' is no name of a gallery: give letters, digits, '-', '_' and '.' only.", nameof(gallery));
        }
    }
}
