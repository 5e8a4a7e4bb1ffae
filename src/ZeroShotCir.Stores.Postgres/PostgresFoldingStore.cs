using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Stores.Postgres;

/// <summary>The folding that is served, or the one that is being written, as a store.</summary>
internal sealed class PostgresFoldingStore(PostgresSite site, bool isStaged) : IGalleryStore, IStoreDigests
{
    private const int DigestShards = 16;
    private const int MostDimensions = 2000;
    private const int MostHalfDimensions = 4000;

    public string Name => isStaged ? $"{site.Name} (being refolded)" : site.Name;

    public bool IsExact => site.Options is { Index: PostgresIndex.None, HalfPrecision: false };

    public async ValueTask<StoreDescription?> GetDescriptionAsync(CancellationToken cancellationToken = default)
        => Own(await site.ReadAsync(fresh: false, cancellationToken).ConfigureAwait(false))?.Description;

    public async ValueTask SetDescriptionAsync(StoreDescription description, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(description);
        await site.ChangeAsync(
            async (connection, foldings) =>
            {
                PostgresFolding? own = Own(foldings);
                own?.Description.ThrowIfOther(description, Name);
                PostgresFolding folding = own is null
                    ? new PostgresFolding(foldings.Select(other => other.Number).DefaultIfEmpty(0).Max() + 1, !isStaged, site.Options.HalfPrecision, description)
                    : own with { Description = description };
                if (own is null)
                {
                    await CreateAsync(connection, folding, cancellationToken).ConfigureAwait(false);
                }

                if (description.IsWhole && site.Options.Index == PostgresIndex.Hnsw)
                {
                    await IndexAsync(connection, folding, cancellationToken).ConfigureAwait(false);
                }

                await site.WriteAsync(connection, folding, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask UpsertAsync(IReadOnlyList<StoreRow> rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        PostgresFolding folding = await FoldingAsync(fresh: false, cancellationToken).ConfigureAwait(false);
        string type = TypeOf(folding);
        string insert = $"INSERT INTO {site.Table(folding.Number)} VALUES ($1, $2::real[]::{type}, $3::real[]::vector, $4::real[]::vector, $5, $6, $7, $8, $9) "
            + "ON CONFLICT (id) DO UPDATE SET vector = excluded.vector, image = excluded.image, captions = excluded.captions, metadata = excluded.metadata, "
            + "numbers = excluded.numbers, texts = excluded.texts, digest = excluded.digest";
        NpgsqlConnection connection = await site.Source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            NpgsqlBatch batch = new(connection);
            await using (batch.ConfigureAwait(false))
            {
                foreach (StoreRow row in rows)
                {
                    batch.BatchCommands.Add(Insert(insert, row));
                }

                // One batch is one transaction: of a row that was half written nothing stays.
                await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public async ValueTask DeleteAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        PostgresFolding folding = await FoldingAsync(fresh: false, cancellationToken).ConfigureAwait(false);
        NpgsqlConnection connection = await site.Source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            await PostgresSite.ExecuteAsync(connection, $"DELETE FROM {site.Table(folding.Number)} WHERE id = ANY($1)", cancellationToken, Texts(ids)).ConfigureAwait(false);
        }
    }

    public async ValueTask<long> CountAsync(CancellationToken cancellationToken = default)
    {
        if (Own(await site.ReadAsync(fresh: false, cancellationToken).ConfigureAwait(false)) is not { } folding)
        {
            return 0;
        }

        long count = 0;
        await ReadAsync($"SELECT count(*) FROM {site.Table(folding.Number)}", [], reader => count = reader.GetInt64(0), cancellationToken).ConfigureAwait(false);
        return count;
    }

    public async ValueTask<IReadOnlyList<StoreRow?>> GetAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        PostgresFolding folding = await FoldingAsync(fresh: false, cancellationToken).ConfigureAwait(false);
        Dictionary<string, StoreRow> found = [];
        await ReadAsync(
            $"SELECT {RowColumns} FROM {site.Table(folding.Number)} WHERE id = ANY($1)",
            [Texts(ids)],
            reader => found[reader.GetString(0)] = Row(reader),
            cancellationToken).ConfigureAwait(false);
        return [.. ids.Select(found.GetValueOrDefault)];
    }

    public async ValueTask<StoreAnswer> FindAsync(
        ReadOnlyMemory<float> vector, int k, GalleryFilter? filter = null, bool includeVectors = false, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        try
        {
            return await FindAsync(
                await FoldingAsync(fresh: false, cancellationToken).ConfigureAwait(false), vector, k, filter, includeVectors, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (PostgresSite.IsTableMissing(exception))
        {
            // The store was refolded since it was last looked at.
            return await FindAsync(
                await FoldingAsync(fresh: true, cancellationToken).ConfigureAwait(false), vector, k, filter, includeVectors, cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask<int> CountShardsAsync(CancellationToken cancellationToken = default) => new(DigestShards);

    public async ValueTask<IReadOnlyDictionary<string, ulong>> ReadDigestsAsync(int shard, CancellationToken cancellationToken = default)
    {
        PostgresFolding folding = await FoldingAsync(fresh: false, cancellationToken).ConfigureAwait(false);
        Dictionary<string, ulong> digests = [];
        await ReadAsync(
            $"SELECT id, digest FROM {site.Table(folding.Number)} WHERE shard = $1",
            [new NpgsqlParameter { Value = shard }],
            reader => digests.Add(reader.GetString(0), unchecked((ulong)reader.GetInt64(1))),
            cancellationToken).ConfigureAwait(false);
        return digests;
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null : serviceType.IsInstanceOfType(this) ? this : serviceType.IsInstanceOfType(site.Source) ? site.Source : null;
    }

    /// <summary>The plan by which the database searches, as it writes it itself.</summary>
    public async Task<string> ExplainAsync(ReadOnlyMemory<float> vector, int k, GalleryFilter? filter, CancellationToken cancellationToken)
    {
        PostgresFolding folding = await FoldingAsync(fresh: false, cancellationToken).ConfigureAwait(false);
        (string query, NpgsqlParameter[] parameters) = Query(folding, vector, k, filter, includeVectors: false, IsByGraph(folding));
        List<string> lines = [];
        await ReadAsync(
            $"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {query}", parameters, reader => lines.Add(reader.GetString(0)), cancellationToken, Settings(k, IsByGraph(folding)))
            .ConfigureAwait(false);
        return string.Join('\n', lines);
    }

    private async Task<StoreAnswer> FindAsync(
        PostgresFolding folding, ReadOnlyMemory<float> vector, int k, GalleryFilter? filter, bool includeVectors, CancellationToken cancellationToken)
    {
        bool byGraph = IsByGraph(folding);
        List<StoreHit> hits = await FindAsync(folding, vector, k, filter, includeVectors, byGraph, cancellationToken).ConfigureAwait(false);
        if (byGraph && hits.Count < k)
        {
            // A graph gives up where a filter leaves too little; then all rows are compared.
            hits = await FindAsync(folding, vector, k, filter, includeVectors, false, cancellationToken).ConfigureAwait(false);
        }

        return new StoreAnswer([.. hits.OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Item.Id, StringComparer.Ordinal)])
        {
            Missing = folding.Description.IsWhole
                ? []
                : [string.Create(
                    CultureInfo.InvariantCulture,
                    $"A push of the gallery is under way or was cut off: the store may lack what was added since generation {folding.Description.Generation}.")],
        };
    }

    private async Task<List<StoreHit>> FindAsync(
        PostgresFolding folding, ReadOnlyMemory<float> vector, int k, GalleryFilter? filter, bool includeVectors, bool byGraph, CancellationToken cancellationToken)
    {
        (string query, NpgsqlParameter[] parameters) = Query(folding, vector, k, filter, includeVectors, byGraph);
        List<StoreHit> hits = [];
        await ReadAsync(
            query,
            parameters,
            reader =>
            {
                float score = (float)-reader.GetDouble(3);
                hits.Add(includeVectors ? new StoreHit(Row(reader), score) : new StoreHit(Item(reader), score));
            },
            cancellationToken,
            Settings(k, byGraph)).ConfigureAwait(false);
        return hits;
    }

    private (string Text, NpgsqlParameter[] Parameters) Query(
        PostgresFolding folding, ReadOnlyMemory<float> vector, int k, GalleryFilter? filter, bool includeVectors, bool byGraph)
    {
        // A command only for its list of parameters.
        using NpgsqlCommand command = new();
        command.Parameters.Add(Values(vector));
        command.Parameters.Add(new NpgsqlParameter { Value = k });
        string distance = $"vector <#> $1::real[]::{TypeOf(folding)}";
        string where = filter is null ? "" : $" WHERE {PostgresFilter.Write(filter, command.Parameters)}";
        // An index gives an order by distance alone.
        string order = byGraph ? distance : $"{distance}, id";
        string columns = includeVectors ? RowColumns.Replace("0::float8", distance, StringComparison.Ordinal) : $"id, metadata::text, texts, {distance}";
        NpgsqlParameter[] parameters = [.. command.Parameters.Cast<NpgsqlParameter>()];
        command.Parameters.Clear();
        return ($"SELECT {columns} FROM {site.Table(folding.Number)}{where} ORDER BY {order} LIMIT $2", parameters);
    }

    private const string RowColumns = "id, metadata::text, texts, 0::float8, vector::real[], image::real[], captions::real[]";

    private string Settings(int k, bool byGraph) => byGraph
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT set_config('hnsw.ef_search', '{Math.Clamp(k, site.Options.SearchDepth, 1000)}', true), set_config('hnsw.iterative_scan', 'strict_order', true)")
        : "SELECT set_config('enable_indexscan', 'off', true)";

    private bool IsByGraph(PostgresFolding folding) => site.Options.Index == PostgresIndex.Hnsw && folding.Description.IsWhole;

    private async Task CreateAsync(NpgsqlConnection connection, PostgresFolding folding, CancellationToken cancellationToken)
    {
        int dimensions = folding.Description.Dimensions;
        string table = site.Table(folding.Number);
        await PostgresSite.ExecuteAsync(
            connection,
            string.Create(
                CultureInfo.InvariantCulture,
                $"CREATE TABLE {table} (id text COLLATE \"C\" PRIMARY KEY, vector {TypeOf(folding)}({dimensions}) NOT NULL, image vector({dimensions}), "
                + $"captions vector({dimensions}), metadata jsonb NOT NULL, numbers jsonb NOT NULL, texts text[] NOT NULL, shard int NOT NULL, digest bigint NOT NULL)"),
            cancellationToken).ConfigureAwait(false);
        await PostgresSite.ExecuteAsync(connection, $"CREATE INDEX {site.IndexName(folding.Number, "shard")} ON {table} (shard)", cancellationToken).ConfigureAwait(false);
    }

    private async Task IndexAsync(NpgsqlConnection connection, PostgresFolding folding, CancellationToken cancellationToken)
    {
        int most = folding.IsHalf ? MostHalfDimensions : MostDimensions;
        if (folding.Description.Dimensions > most)
        {
            throw new NotSupportedException(
                $"The index of pgvector takes at most {most} dimensions in {(folding.IsHalf ? "half" : "single")} precision, the rows have {folding.Description.Dimensions}. "
                + $"Search without index{(folding.IsHalf ? "" : ", or store half precision")}.");
        }

        await PostgresSite.ExecuteAsync(
            connection,
            $"CREATE INDEX IF NOT EXISTS {site.IndexName(folding.Number, "hnsw")} ON {site.Table(folding.Number)} USING hnsw (vector {TypeOf(folding)}_ip_ops)",
            cancellationToken).ConfigureAwait(false);
    }

    private async Task ReadAsync(string text, NpgsqlParameter[] parameters, Action<NpgsqlDataReader> read, CancellationToken cancellationToken, string? settings = null)
    {
        NpgsqlConnection connection = await site.Source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                if (settings is not null)
                {
                    await PostgresSite.ExecuteAsync(connection, settings, cancellationToken).ConfigureAwait(false);
                }

#pragma warning disable CA2100 // The names of tables are made of checked names; everything else is a parameter.
                NpgsqlCommand command = new(text, connection);
#pragma warning restore CA2100
                await using (command.ConfigureAwait(false))
                {
                    command.Parameters.AddRange(parameters);
                    NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                    await using (reader.ConfigureAwait(false))
                    {
                        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                        {
                            read(reader);
                        }
                    }
                }

                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static NpgsqlBatchCommand Insert(string insert, StoreRow row)
    {
        NpgsqlBatchCommand command = new(insert);
        command.Parameters.Add(PostgresSite.Text(row.Id));
        command.Parameters.Add(Values(row.Vector));
        command.Parameters.Add(Values(row.Image));
        command.Parameters.Add(Values(row.Captions));
        command.Parameters.Add(new NpgsqlParameter { Value = RowMetadata.Texts(row.Item.Metadata), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new NpgsqlParameter { Value = RowMetadata.Numbers(row.Item.Metadata), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(Texts(row.Item.Captions));
        command.Parameters.Add(new NpgsqlParameter { Value = GalleryShard.IndexOf(row.Id, DigestShards) });
        command.Parameters.Add(new NpgsqlParameter { Value = unchecked((long)row.ComputeDigest()) });
        return command;
    }

    private static GalleryItem Item(NpgsqlDataReader reader) => new(reader.GetString(0), reader.GetFieldValue<string[]>(2), RowMetadata.Read(reader.GetString(1)));

    private static StoreRow Row(NpgsqlDataReader reader) => new(
        Item(reader),
        reader.GetFieldValue<float[]>(4),
        reader.IsDBNull(5) ? default : reader.GetFieldValue<float[]>(5),
        reader.IsDBNull(6) ? default : reader.GetFieldValue<float[]>(6));

    private static NpgsqlParameter Values(ReadOnlyMemory<float> vector)
        => new() { Value = vector.IsEmpty ? DBNull.Value : vector.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Real };

    private static NpgsqlParameter Texts(IReadOnlyList<string> texts) => new() { Value = texts.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static string TypeOf(PostgresFolding folding) => folding.IsHalf ? "halfvec" : "vector";

    private PostgresFolding? Own(IReadOnlyList<PostgresFolding> foldings) => foldings.FirstOrDefault(folding => folding.IsServed != isStaged);

    private async ValueTask<PostgresFolding> FoldingAsync(bool fresh, CancellationToken cancellationToken)
        => Own(await site.ReadAsync(fresh, cancellationToken).ConfigureAwait(false))
            ?? throw new InvalidGalleryException($"The store '{Name}' holds no gallery. Push one to it first.");
}
