using StackExchange.Redis;

namespace ZeroShotCir.Stores.Redis;

/// <summary>Where a gallery lives in a server or cluster: its keys and its manifest.</summary>
internal sealed class RedisSite
{
    private const int CopiesRead = 8;
    private const int ShardsPerNode = 4;

    // How much longer other copies may take than the first: one of them may be newer.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);
    private readonly TimeProvider _clock = TimeProvider.System;
    private RedisManifest? _manifest;
    private long _read;

    public RedisSite(IConnectionMultiplexer connection, string gallery, RedisGalleryStoreOptions options)
    {
        Connection = connection;
        Gallery = gallery;
        Options = options;
        Name = $"redis://{string.Join(',', connection.GetEndPoints(configuredOnly: true).Select(Show))}/{gallery}";
    }

    public IConnectionMultiplexer Connection { get; }

    public IDatabase Database => Connection.GetDatabase();

    public string Gallery { get; }

    public RedisGalleryStoreOptions Options { get; }

    public string Name { get; }

    public int DefaultShards
    {
        get
        {
            int primaries = Connection.GetServers().Count(server => server.ServerType == ServerType.Cluster && !server.IsReplica);
            return Options.Shards ?? Math.Max(1, primaries * ShardsPerNode);
        }
    }

    /// <summary>A key that lies with its shard: a cluster places keys by what stands between the braces.</summary>
    public RedisKey Key(int shard, string what) => $"cir:{{{Gallery}:{shard}}}:{what}";

    /// <summary>Reads the manifest.</summary>
    /// <param name="fresh">Whether it must be read now, rather than some time ago.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The manifest; <see langword="null"/> where nothing was stored yet.</returns>
    public async ValueTask<RedisManifest?> ReadAsync(bool fresh, CancellationToken cancellationToken)
    {
        if (!fresh && Volatile.Read(ref _manifest) is { } known && _clock.GetElapsedTime(Volatile.Read(ref _read)) < Options.RefreshInterval)
        {
            return known;
        }

        RedisManifest? manifest = await ReadCopiesAsync(cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _manifest, manifest);
        Volatile.Write(ref _read, _clock.GetTimestamp());
        return manifest;
    }

    public async Task WriteAsync(RedisManifest manifest)
    {
        byte[] json = manifest.ToJson();
        await Task.WhenAll(Enumerable.Range(0, manifest.Shards).Select(shard => Database.StringSetAsync(Key(shard, "manifest"), json))).ConfigureAwait(false);
        Volatile.Write(ref _manifest, manifest);
        Volatile.Write(ref _read, _clock.GetTimestamp());
    }

    // Any node that is there tells; only where none is, there is no answer.
    private async Task<RedisManifest?> ReadCopiesAsync(CancellationToken cancellationToken)
    {
        int copies = Math.Max(CopiesRead, _manifest?.Shards ?? 0);
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<RedisValue>[] reads = [.. Enumerable.Range(0, copies).Select(shard => Database.StringGetAsync(Key(shard, "manifest")).WaitAsync(Options.ShardTimeout, enough.Token))];
        Exception? failure = null;
        RedisManifest? newest = null;
        await foreach (Task<RedisValue> read in Task.WhenEach(reads).ConfigureAwait(false))
        {
            try
            {
                RedisValue json = await read.ConfigureAwait(false);
                if (!json.IsNull && RedisManifest.Parse(json!, Name) is var manifest && (newest is null || manifest.Sequence > newest.Sequence))
                {
                    newest = manifest;
                    enough.CancelAfter(Grace);
                }
            }
            catch (Exception exception) when (IsAbsence(exception) || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                failure = exception;
            }
        }

        // Nodes that are down may be the ones that know.
        return newest is null && failure is not null ? throw failure : newest;
    }

    /// <summary>Whether an exception says that a node is not there, rather than that it refuses what was asked.</summary>
    public static bool IsAbsence(Exception exception) => exception switch
    {
        RedisServerException server => server.Message.StartsWith("CLUSTERDOWN", StringComparison.Ordinal)
            || server.Message.StartsWith("LOADING", StringComparison.Ordinal)
            || server.Message.StartsWith("MOVED", StringComparison.Ordinal)
            || server.Message.StartsWith("ASK", StringComparison.Ordinal)
            || server.Message.StartsWith("TRYAGAIN", StringComparison.Ordinal),
        RedisException or TimeoutException => true,
        _ => false,
    };

    private static string Show(System.Net.EndPoint endPoint) => endPoint switch
    {
        System.Net.DnsEndPoint dns => $"{dns.Host}:{dns.Port}",
        _ => endPoint.ToString() ?? "",
    };
}
