using System.Buffers.Binary;
using System.Globalization;
using StackExchange.Redis;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Stores.Redis;

/// <summary>
/// The keys of one folding. In each shard: a vector set, a hash of the parts that rows were folded from, and a hash of their digests, which
/// are written last and deleted first.
/// </summary>
internal sealed class RedisFolding(RedisSite site, VectorSetDialect dialect, int number, int shards, StoreDescription description)
{
    private readonly IDatabase _database = site.Database;
    private readonly bool[] _checked = new bool[shards];

    // When a shard last failed to answer in time; 0 where it does answer.
    private readonly long[] _silent = new long[shards];

    public int Number => number;

    public async Task UpsertAsync(IReadOnlyList<StoreRow> rows, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // Commands to one node keep their order, so that a digest is never there before its row.
        List<Task> tasks = new(rows.Count * 3);
        foreach (StoreRow row in rows)
        {
            int shard = GalleryShard.IndexOf(row.Id, shards);
            object[] vector = [Rows(shard), "FP32", dialect.ToBytes(row.Vector.Span, isQuery: false), row.Id];
            tasks.Add(_database.ExecuteAsync("VADD", [.. vector, .. dialect.AddOptions, "SETATTR", ItemAttributes.Write(row.Item)]));
            if (!row.Image.IsEmpty)
            {
                tasks.Add(_database.HashSetAsync(Parts(shard), row.Id, PartsOf(row)));
            }

            byte[] digest = new byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(digest, row.ComputeDigest());
            tasks.Add(_database.HashSetAsync(Digests(shard), row.Id, digest));
        }

        await Task.WhenAll(tasks).ConfigureAwait(false);
    }

    public async Task DeleteAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        List<Task> tasks = new(ids.Count * 3);
        foreach (string id in ids)
        {
            int shard = GalleryShard.IndexOf(id, shards);
            tasks.Add(_database.HashDeleteAsync(Digests(shard), id));
            tasks.Add(_database.ExecuteAsync("VREM", [Rows(shard), id]));
            tasks.Add(_database.HashDeleteAsync(Parts(shard), id));
        }

        await Task.WhenAll(tasks).ConfigureAwait(false);
    }

    public async Task<long[]> CountAsync() => await Task.WhenAll(Enumerable.Range(0, shards).Select(CountAsync)).ConfigureAwait(false);

    /// <summary>Counts the rows; of shards whose node is not there, those that they should have.</summary>
    public async Task<long> CountAsync(IReadOnlyList<long> expected, CancellationToken cancellationToken)
    {
        long count = 0;
        Task<long>[] reads = [.. Enumerable.Range(0, shards).Select(shard => CountAsync(shard).WaitAsync(site.Options.ShardTimeout, cancellationToken))];
        for (int shard = 0; shard < shards; shard++)
        {
            try
            {
                count += await reads[shard].ConfigureAwait(false);
            }
            catch (Exception exception) when (RedisSite.IsAbsence(exception))
            {
                count += expected[shard];
            }
        }

        return count;
    }

    public async Task<IReadOnlyDictionary<string, ulong>> ReadDigestsAsync(int shard, CancellationToken cancellationToken)
    {
        Dictionary<string, ulong> digests = [];
        if (await CountAsync(shard).ConfigureAwait(false) == 0)
        {
            // Digests without a single row are what a node kept that lost its vector sets.
            return digests;
        }

        await foreach (HashEntry entry in _database.HashScanAsync(Digests(shard), pageSize: 5000).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if ((byte[]?)entry.Value is { Length: sizeof(ulong) } value)
            {
                digests[entry.Name!] = BinaryPrimitives.ReadUInt64LittleEndian(value);
            }
        }

        return digests;
    }

    public async Task<StoreRow?[]> GetAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
        => await Task.WhenAll(ids.Select(id => GetAsync(id, cancellationToken))).ConfigureAwait(false);

    /// <summary>Searches one shard, and does not fail because its node is not there.</summary>
    public async Task<ShardReply> FindAsync(int shard, ReadOnlyMemory<float> vector, long count, long depth, string? filter, CancellationToken cancellationToken)
    {
        // One search in each interval waits for a node that is away, the others answer without it at once.
        long silent = Volatile.Read(ref _silent[shard]);
        if (silent != 0 && TimeProvider.System.GetElapsedTime(silent) < site.Options.ShardTimeout)
        {
            return new ShardReply([], 0, "did not answer a moment ago");
        }

        try
        {
            ShardReply reply = await FindInShardAsync(shard, vector, count, depth, filter).WaitAsync(site.Options.ShardTimeout, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _silent[shard], 0);
            return reply;
        }
        catch (TimeoutException)
        {
            Volatile.Write(ref _silent[shard], TimeProvider.System.GetTimestamp());
            return new ShardReply([], 0, $"did not answer within {site.Options.ShardTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s");
        }
        catch (RedisException exception) when (RedisSite.IsAbsence(exception))
        {
            return new ShardReply([], 0, "could not be reached");
        }
    }

    public async Task DropAsync()
    {
        IEnumerable<RedisKey> keys = Enumerable.Range(0, shards).SelectMany(shard => new[] { Digests(shard), Rows(shard), Parts(shard) });
        await Task.WhenAll(keys.Select(key => _database.KeyDeleteAsync(key))).ConfigureAwait(false);
    }

    private async Task<long> CountAsync(int shard) => (long)await _database.ExecuteAsync("VCARD", [Rows(shard)]).ConfigureAwait(false);

    private async Task<ShardReply> FindInShardAsync(int shard, ReadOnlyMemory<float> vector, long count, long depth, string? filter)
    {
        await CheckAsync(shard).ConfigureAwait(false);
        List<object> arguments = [Rows(shard), "FP32", dialect.ToBytes(vector.Span, isQuery: true), "WITHSCORES", "WITHATTRIBS", "COUNT", count, "EF", depth];
        if (filter is not null)
        {
            arguments.AddRange(["FILTER", filter]);
        }

        // While a shard moves to another node, one command may find all of it and the next nothing: what was counted before and after counts.
        Task<long> before = CountAsync(shard);
        Task<RedisResult> search = _database.ExecuteAsync("VSIM", arguments);
        long rows = Math.Min(await CountAsync(shard).ConfigureAwait(false), await before.ConfigureAwait(false));
        List<StoreHit> hits = Read(await search.ConfigureAwait(false), Embeddings.UnitVector.Length(vector.Span));
        return filter is null && hits.Count == 0 && rows > 0 ? new ShardReply([], 0, "was moving to another node") : new ShardReply(hits, rows, null);
    }

    // Servers answer with pairs in pairs, or with triples.
    private List<StoreHit> Read(RedisResult reply, double queryLength)
    {
        List<StoreHit> hits = [];
        for (int i = 0; i < reply.Length;)
        {
            string id = reply[i].ToString();
            bool isPair = reply[i + 1].Length >= 0;
            double score = (double)(isPair ? reply[i + 1][0] : reply[i + 1]);
            byte[]? attributes = (byte[]?)(isPair ? reply[i + 1][1] : reply[i + 2]);
            hits.Add(new StoreHit(ItemAttributes.Read(id, attributes), (float)dialect.InnerProduct(score, queryLength)));
            i += isPair ? 2 : 3;
        }

        return hits;
    }

    private async Task<StoreRow?> GetAsync(string id, CancellationToken cancellationToken)
    {
        int shard = GalleryShard.IndexOf(id, shards);
        Task<RedisResult> row = _database.ExecuteAsync("VEMB", [Rows(shard), id, "RAW"]);
        Task<RedisResult> attributes = _database.ExecuteAsync("VGETATTR", [Rows(shard), id]);
        Task<RedisValue> parts = _database.HashGetAsync(Parts(shard), id);
        await Task.WhenAll(row, attributes, parts).WaitAsync(site.Options.ShardTimeout, cancellationToken).ConfigureAwait(false);
        RedisResult embedding = await row.ConfigureAwait(false);
        if (embedding.IsNull || embedding.Length < 2)
        {
            return null;
        }

        int dimensions = description.Dimensions;
        byte[] both = (byte[]?)await parts.ConfigureAwait(false) ?? [];
        int part = dimensions * sizeof(float);
        return new StoreRow(
            ItemAttributes.Read(id, (byte[]?)await attributes.ConfigureAwait(false)),
            VectorSetDialect.FromBytes((byte[])embedding[1]!, dimensions),
            both.Length >= part ? VectorSetDialect.FromBytes(both, dimensions) : default,
            both.Length >= 2 * part ? VectorSetDialect.FromBytes(both[part..], dimensions) : default);
    }

    private async Task CheckAsync(int shard)
    {
        if (_checked[shard])
        {
            return;
        }

        RedisResult info;
        try
        {
            info = await _database.ExecuteAsync("VINFO", [Rows(shard)]).ConfigureAwait(false);
        }
        catch (RedisServerException exception) when (!RedisSite.IsAbsence(exception))
        {
            // A set that is not there has no metric, and no rows that could be ranked by a wrong one.
            return;
        }

        if (info.IsNull || info.Length < 2)
        {
            return;
        }

        dialect.Check(
            Enumerable.Range(0, info.Length / 2).ToDictionary(i => info[2 * i].ToString(), i => info[(2 * i) + 1].ToString()), description.Dimensions, site.Name, Rows(shard)!);
        _checked[shard] = true;
    }

    private static byte[] PartsOf(StoreRow row)
    {
        byte[] bytes = new byte[(row.Image.Length + row.Captions.Length) * sizeof(float)];
        int at = 0;
        foreach (ReadOnlyMemory<float> part in new[] { row.Image, row.Captions })
        {
            foreach (float value in part.Span)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at), value);
                at += sizeof(float);
            }
        }

        return bytes;
    }

    private RedisKey Rows(int shard) => site.Key(shard, string.Create(CultureInfo.InvariantCulture, $"{number}:rows"));

    private RedisKey Parts(int shard) => site.Key(shard, string.Create(CultureInfo.InvariantCulture, $"{number}:parts"));

    private RedisKey Digests(int shard) => site.Key(shard, string.Create(CultureInfo.InvariantCulture, $"{number}:digests"));
}
