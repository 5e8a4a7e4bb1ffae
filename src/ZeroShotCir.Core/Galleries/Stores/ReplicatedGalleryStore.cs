using System.Globalization;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries.Stores;

/// <summary>
/// Stores that hold the same gallery, as one: the first is asked, and the next beside it where it is slow, at once where it fails or its
/// answer lacks something. The first whole answer counts; without any, the one that lacks least.
/// </summary>
/// <remarks>
/// <para>
/// Serves concurrent callers. Only replicas of the folding that <see cref="GetDescriptionAsync(CancellationToken)"/> told are listened to, and what
/// one of an older state of the gallery finds says so (<see cref="StoreAnswer.Missing"/>).
/// </para>
/// <para>
/// Push to each replica by itself: only what differs is sent then. What is written here is written to all of them.
/// </para>
/// </remarks>
public sealed class ReplicatedGalleryStore : IGalleryStore, IAsyncDisposable
{
    private readonly IGalleryStore[] _replicas;
    private readonly ReplicaRace _race;
    private StoreDescription? _description;

    /// <summary>Takes stores together.</summary>
    /// <param name="replicas">The stores, the one that is asked first first. They belong to this object from now on.</param>
    /// <param name="options">When another one is asked; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">There is no store.</exception>
    public ReplicatedGalleryStore(IReadOnlyList<IGalleryStore> replicas, ReplicatedStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(replicas);
        if (replicas.Count == 0 || replicas.Contains(null!))
        {
            throw new ArgumentException("There are no replicas, or one is null; give at least one store.", nameof(replicas));
        }

        _replicas = [.. replicas];
        _race = new ReplicaRace(_replicas, options?.Copy() ?? new ReplicatedStoreOptions());
    }

    /// <inheritdoc/>
    public string Name => string.Join(" or ", _replicas.Select(replica => replica.Name));

    /// <inheritdoc/>
    public bool IsExact => _replicas.All(replica => replica.IsExact);

    /// <inheritdoc/>
    public async ValueTask<StoreDescription?> GetDescriptionAsync(CancellationToken cancellationToken = default)
    {
        StoreDescription? description = await _race.AskAsync(
            (replica, token) => replica.GetDescriptionAsync(token), description => description is null ? 2 : description.IsWhole ? 0 : 1, cancellationToken).ConfigureAwait(false);
        _description = description;
        return description;
    }

    /// <inheritdoc/>
    public async ValueTask SetDescriptionAsync(StoreDescription description, CancellationToken cancellationToken = default)
    {
        try
        {
            await EachAsync(replica => replica.SetDescriptionAsync(description, cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            // Where one replica fails, the others have taken it.
            _description = null;
        }
    }

    /// <inheritdoc/>
    public ValueTask UpsertAsync(IReadOnlyList<StoreRow> rows, CancellationToken cancellationToken = default)
        => EachAsync(replica => replica.UpsertAsync(rows, cancellationToken));

    /// <inheritdoc/>
    public ValueTask DeleteAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default)
        => EachAsync(replica => replica.DeleteAsync(ids, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(CancellationToken cancellationToken = default)
        => _race.AskAsync((replica, token) => replica.CountAsync(token), _ => 0, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoreRow?>> GetAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        StoreDescription wanted = await WantedAsync(cancellationToken).ConfigureAwait(false);
        return await _race.AskAsync(
            async (replica, token) =>
            {
                await OwnAsync(replica, wanted, token).ConfigureAwait(false);
                return await replica.GetAsync(ids, token).ConfigureAwait(false);
            },
            rows => rows.Count(row => row is null),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<StoreAnswer> FindAsync(
        ReadOnlyMemory<float> vector, int k, GalleryFilter? filter = null, bool includeVectors = false, CancellationToken cancellationToken = default)
    {
        StoreDescription wanted = await WantedAsync(cancellationToken).ConfigureAwait(false);
        return await _race.AskAsync(
            async (replica, token) =>
            {
                StoreDescription own = await OwnAsync(replica, wanted, token).ConfigureAwait(false);
                StoreAnswer answer = await replica.FindAsync(vector, k, filter, includeVectors, token).ConfigureAwait(false);
                return own.Generation >= wanted.Generation ? answer : new StoreAnswer(answer.Hits) { Missing = [.. answer.Missing, Behind(own, wanted)] };
            },
            answer => answer.Missing.Count,
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);

        // What one replica holds, another need not, so that neither digests nor a second folding are offered for all.
        return serviceKey is not null || serviceType == typeof(IStoreDigests) || serviceType == typeof(IRefoldableStore) ? null
            : serviceType.IsInstanceOfType(this) ? this
            : _replicas.Select(replica => replica.GetService(serviceType)).FirstOrDefault(service => service is not null);
    }

    /// <summary>Disposes the replicas that can be disposed.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (IGalleryStore replica in _replicas)
        {
            switch (replica)
            {
                case IAsyncDisposable disposable:
                    await disposable.DisposeAsync().ConfigureAwait(false);
                    break;
                case IDisposable disposable:
                    disposable.Dispose();
                    break;
            }
        }
    }

    private async ValueTask<StoreDescription> WantedAsync(CancellationToken cancellationToken) => _description ?? await GetDescriptionAsync(cancellationToken).ConfigureAwait(false)
        ?? throw new InvalidGalleryException($"The store '{Name}' holds no gallery. Push one to each replica first.");

    /// <exception cref="InvalidGalleryException">The replica holds nothing, or rows whose scores could not be compared.</exception>
    private static async ValueTask<StoreDescription> OwnAsync(IGalleryStore replica, StoreDescription wanted, CancellationToken cancellationToken)
    {
        StoreDescription own = await replica.GetDescriptionAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidGalleryException($"The replica '{replica.Name}' holds no gallery. Push one to it.");
        if (!own.IsSameFolding(wanted))
        {
            own.ThrowIfOther(wanted, replica.Name);
            throw new InvalidGalleryException($"The replica '{replica.Name}' holds rows of another model than the others. Push the gallery to it.");
        }

        return own;
    }

    private static string Behind(StoreDescription own, StoreDescription wanted) => string.Create(
        CultureInfo.InvariantCulture,
        $"The replica that answered holds generation {own.Generation} of the gallery, another one generation {wanted.Generation}. Push the gallery to it.");

    private async ValueTask EachAsync(Func<IGalleryStore, ValueTask> write)
    {
        await Task.WhenAll(_replicas.Select(WriteAsync)).ConfigureAwait(false);

        // What is thrown before anything is awaited must not leave the other writes alone.
        async Task WriteAsync(IGalleryStore replica) => await write(replica).ConfigureAwait(false);
    }
}
