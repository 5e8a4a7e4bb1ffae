using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Stores.Postgres;

/// <summary>
/// Where a gallery lives in a database: a row of the catalog <c>cir_foldings</c> for each folding, and a table for the rows of each.
/// </summary>
internal sealed class PostgresSite(NpgsqlDataSource source, string gallery, PostgresGalleryStoreOptions options)
{
    private const string UndefinedTable = "42P01";
    private readonly TimeProvider _clock = TimeProvider.System;
    private IReadOnlyList<PostgresFolding>? _foldings;
    private long _read;

    public NpgsqlDataSource Source => source;

    public PostgresGalleryStoreOptions Options => options;

    public string Name { get; } = NameOf(source, gallery);

    /// <summary>The name of a folding's table, quoted.</summary>
    public string Table(int number) => string.Create(CultureInfo.InvariantCulture, $"\"cir_{gallery}_{number}\"");

    /// <summary>The name of the index of a folding's table, quoted.</summary>
    public string IndexName(int number, string what) => string.Create(CultureInfo.InvariantCulture, $"\"cir_{gallery}_{number}_{what}\"");

    /// <summary>Reads the catalog.</summary>
    /// <param name="fresh">Whether it must be read now, rather than some time ago.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async ValueTask<IReadOnlyList<PostgresFolding>> ReadAsync(bool fresh, CancellationToken cancellationToken)
    {
        if (!fresh && _foldings is { } known && _clock.GetElapsedTime(Volatile.Read(ref _read)) < options.RefreshInterval)
        {
            return known;
        }

        NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            IReadOnlyList<PostgresFolding> foldings = await ReadAsync(connection, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _foldings, foldings);
            Volatile.Write(ref _read, _clock.GetTimestamp());
            return foldings;
        }
    }

    /// <summary>Changes the catalog, alone: others that want to wait.</summary>
    public async Task ChangeAsync(Func<NpgsqlConnection, IReadOnlyList<PostgresFolding>, Task> change, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                await ExecuteAsync(connection, "SELECT pg_advisory_xact_lock(hashtext($1))", cancellationToken, Text("cir_foldings")).ConfigureAwait(false);
                await ExecuteAsync(connection, "CREATE EXTENSION IF NOT EXISTS vector", cancellationToken).ConfigureAwait(false);
                await ExecuteAsync(
                    connection,
                    "CREATE TABLE IF NOT EXISTS cir_foldings (gallery text, folding int, served bool NOT NULL, half bool NOT NULL, "
                    + "description jsonb NOT NULL, images bytea, captions bytea, PRIMARY KEY (gallery, folding))",
                    cancellationToken).ConfigureAwait(false);
                await change(connection, await ReadAsync(connection, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        Volatile.Write(ref _foldings, null);
    }

    /// <summary>Writes a folding's row of the catalog.</summary>
    public Task WriteAsync(NpgsqlConnection connection, PostgresFolding folding, CancellationToken cancellationToken) => ExecuteAsync(
        connection,
        "INSERT INTO cir_foldings VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (gallery, folding) DO UPDATE SET served = $3, half = $4, "
        + "description = $5, images = coalesce($6, cir_foldings.images), captions = coalesce($7, cir_foldings.captions)",
        cancellationToken,
        Text(gallery),
        new NpgsqlParameter { Value = folding.Number },
        new NpgsqlParameter { Value = folding.IsServed },
        new NpgsqlParameter { Value = folding.IsHalf },
        new NpgsqlParameter { Value = StoreDescriptionFormat.ToJson(folding.Description), NpgsqlDbType = NpgsqlDbType.Jsonb },
        Bytes(folding.Description.Images),
        Bytes(folding.Description.Captions));

    /// <summary>Forgets a folding and its rows.</summary>
    public async Task DropAsync(NpgsqlConnection connection, int number, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            connection, "DELETE FROM cir_foldings WHERE gallery = $1 AND folding = $2", cancellationToken, Text(gallery), new NpgsqlParameter { Value = number })
            .ConfigureAwait(false);
        await ExecuteAsync(connection, $"DROP TABLE IF EXISTS {Table(number)}", cancellationToken).ConfigureAwait(false);
    }

    public static async Task ExecuteAsync(NpgsqlConnection connection, string text, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
#pragma warning disable CA2100 // The names of tables are made of checked names; everything else is a parameter.
        NpgsqlCommand command = new(text, connection);
#pragma warning restore CA2100
        await using (command.ConfigureAwait(false))
        {
            // An index takes as long as it takes; who does not want to wait cancels.
            command.CommandTimeout = 0;
            command.Parameters.AddRange(parameters);
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };

    public static bool IsTableMissing(PostgresException exception) => exception.SqlState == UndefinedTable;

    private async Task<IReadOnlyList<PostgresFolding>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        List<PostgresFolding> foldings = [];
        NpgsqlCommand command = new("SELECT folding, served, half, description::text, images, captions FROM cir_foldings WHERE gallery = $1 ORDER BY folding", connection);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.Add(Text(gallery));
            try
            {
                NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                    {
                        foldings.Add(new PostgresFolding(
                            reader.GetInt32(0), reader.GetBoolean(1), reader.GetBoolean(2),
                            StoreDescriptionFormat.Parse(reader.GetString(3), Moments(reader, 4), Moments(reader, 5))));
                    }
                }
            }
            catch (PostgresException exception) when (IsTableMissing(exception))
            {
                // A database that never held a gallery.
            }
        }

        return foldings;
    }

    private static RowMoments? Moments(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : RowMoments.FromBytes(reader.GetFieldValue<byte[]>(column));

    private static NpgsqlParameter Bytes(RowMoments? moments) => new() { Value = (object?)moments?.ToBytes() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea };

    private static string NameOf(NpgsqlDataSource source, string gallery)
    {
        NpgsqlConnectionStringBuilder connection = new(source.ConnectionString);
        return $"postgres://{connection.Host}:{connection.Port.ToString(CultureInfo.InvariantCulture)}/{connection.Database}/{gallery}";
    }
}
