using Npgsql;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Stores.Postgres;

/// <summary>A gallery in PostgreSQL with the extension pgvector: a row of a table for each image.</summary>
/// <remarks>
/// <para>
/// Serves concurrent callers. Without an index a search compares every row and is exact; that is forced, whatever indexes somebody made.
/// With <see cref="PostgresIndex.Hnsw"/> it is approximate, and where a filter leaves the graph with too few rows, all are compared.
/// </para>
/// <para>Filters are conditions of the query, with values as parameters. Each batch of rows is one transaction.</para>
/// </remarks>
public sealed class PostgresGalleryStore : IGalleryStore, IStoreDigests, IRefoldableStore, IAsyncDisposable
{
    private const int LongestName = 40;
    private readonly PostgresSite _site;
    private readonly PostgresFoldingStore _served;
    private readonly bool _ownsSource;

    /// <summary>Creates a store on a data source that stays the caller's; it needs no plugin.</summary>
    /// <param name="source">The data source. Its user must be allowed to create tables, and the extension where it is not there.</param>
    /// <param name="gallery">The name of the gallery: at most 40 letters, digits, <c>-</c>, <c>_</c> and <c>.</c>; part of the names of its tables.</param>
    /// <param name="options">How to keep and search it; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">The name is empty, too long or has other characters.</exception>
    public PostgresGalleryStore(NpgsqlDataSource source, string gallery, PostgresGalleryStoreOptions? options = null)
        : this(source, gallery, options, ownsSource: false)
    {
    }

    private PostgresGalleryStore(NpgsqlDataSource source, string gallery, PostgresGalleryStoreOptions? options, bool ownsSource)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(gallery);
        if (gallery.Length > LongestName || !gallery.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.'))
        {
            throw new ArgumentException($"'{gallery}' is no name of a gallery: give at most {LongestName} letters, digits, '-', '_' and '.' only.", nameof(gallery));
        }

        _site = new PostgresSite(source, gallery, options?.Copy() ?? new PostgresGalleryStoreOptions());
        _served = new PostgresFoldingStore(_site, isStaged: false);
        _ownsSource = ownsSource;
    }

    /// <inheritdoc/>
    public string Name => _served.Name;

    /// <inheritdoc/>
    public bool IsExact => _served.IsExact;

    /// <summary>Names a gallery in a database; nothing is connected to before it is needed.</summary>
    /// <param name="address"><c>postgres://[user[:password]@]host[:port]/database/gallery</c></param>
    /// <param name="options">How to keep and search it; <see langword="null"/> for the defaults.</param>
    /// <returns>The store, with connections of its own.</returns>
    /// <exception cref="ArgumentException">The address is malformed.</exception>
    public static PostgresGalleryStore Connect(string address, PostgresGalleryStoreOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        const string Expected = "expected postgres://[user[:password]@]host[:port]/database/gallery";
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("postgres" or "postgresql") || uri.Host.Length == 0)
        {
            throw new ArgumentException($"The address of the store does not begin with postgres:// and a host: {Expected}.", nameof(address));
        }

        string[] path = uri.AbsolutePath.Trim('/').Split('/');
        if (path is not [{ Length: > 0 } database, { Length: > 0 } gallery])
        {
            throw new ArgumentException($"The address of the store names no database and gallery: {Expected}.", nameof(address));
        }

        string[] login = uri.UserInfo.Split(':', 2);
        NpgsqlConnectionStringBuilder connection = new() { Host = uri.Host, Database = Uri.UnescapeDataString(database) };
        if (uri.Port > 0)
        {
            connection.Port = uri.Port;
        }

        if (login[0].Length > 0)
        {
            connection.Username = Uri.UnescapeDataString(login[0]);
        }

        if (login.Length > 1)
        {
            connection.Password = Uri.UnescapeDataString(login[1]);
        }

        return new PostgresGalleryStore(NpgsqlDataSource.Create(connection), Uri.UnescapeDataString(gallery), options, ownsSource: true);
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

    /// <summary>Says how the database searches: the plan of the query, as <c>EXPLAIN ANALYZE</c> writes it.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="k">How many hits.</param>
    /// <param name="filter">The filter; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The lines of the plan.</returns>
    public Task<string> ExplainAsync(ReadOnlyMemory<float> vector, int k, GalleryFilter? filter = null, CancellationToken cancellationToken = default)
        => _served.ExplainAsync(vector, k, filter, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> CountShardsAsync(CancellationToken cancellationToken = default) => _served.CountShardsAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, ulong>> ReadDigestsAsync(int shard, CancellationToken cancellationToken = default)
        => _served.ReadDigestsAsync(shard, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IGalleryStore> StageAsync(StoreDescription description, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(description);
        PostgresFoldingStore staged = new(_site, isStaged: true);
        bool isBegun = false;
        await _site.ChangeAsync(
            async (connection, foldings) =>
            {
                if (foldings.FirstOrDefault(folding => !folding.IsServed) is { } unfinished)
                {
                    isBegun = unfinished.Description.IsSameFolding(description);
                    if (!isBegun)
                    {
                        await _site.DropAsync(connection, unfinished.Number, cancellationToken).ConfigureAwait(false);
                    }
                }
            },
            cancellationToken).ConfigureAwait(false);
        if (!isBegun)
        {
            await staged.SetDescriptionAsync(description, cancellationToken).ConfigureAwait(false);
        }

        return staged;
    }

    /// <inheritdoc/>
    public async ValueTask ServeStagedAsync(CancellationToken cancellationToken = default) => await _site.ChangeAsync(
        async (connection, foldings) =>
        {
            if (foldings.FirstOrDefault(folding => !folding.IsServed) is not { Description.IsWhole: true } staged)
            {
                throw new InvalidOperationException($"The store '{Name}' has no folding that is written and whole. Push the gallery with the new weight first.");
            }

            foreach (PostgresFolding old in foldings.Where(folding => folding.IsServed))
            {
                await _site.DropAsync(connection, old.Number, cancellationToken).ConfigureAwait(false);
            }

            await _site.WriteAsync(connection, staged with { IsServed = true }, cancellationToken).ConfigureAwait(false);
        },
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : _served.GetService(serviceType, serviceKey);
    }

    /// <summary>Closes the connections, if the store made them.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ownsSource)
        {
            await _site.Source.DisposeAsync().ConfigureAwait(false);
        }
    }
}
