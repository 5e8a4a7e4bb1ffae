using System.Diagnostics;
using System.Runtime.InteropServices;
using StackExchange.Redis;
using ZeroShotCir.Composition;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Stores.Redis;
using ZeroShotCir.Tests.Servers;

namespace ZeroShotCir.Tests.Redis;

/// <summary>What callers see when the servers fail them.</summary>
public sealed class ClusterFaultTests(GarnetCluster shared)
{
    private const double Beta = 0.2;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_that_dies_is_missed_by_name_and_number_and_a_push_brings_back_what_it_held()
    {
        await using GarnetCluster cluster = new();
        string address = await cluster.AddressAsync("photos");
        RedisGalleryStoreOptions options = new() { Shards = 6, RefreshInterval = TimeSpan.Zero, ShardTimeout = TimeSpan.FromSeconds(1) };
        await using RedisGalleryStore store = await RedisGalleryStore.ConnectAsync(address, options, Cancellation);
        StoreWorld world = StoreWorld.Create(seed: 11);
        StorePush push = new(world.Gallery, new StorePushOptions { Beta = Beta });
        await push.RunAsync(store, cancellationToken: Cancellation);
        IConnectionMultiplexer connection = (IConnectionMultiplexer)store.GetService(typeof(IConnectionMultiplexer))!;
        int[] shards = [.. Enumerable.Range(0, 6)];
        int victim = 2;
        int[] lost = [.. shards.Where(shard => cluster.NodeOf(connection, $"cir:{{photos:{shard}}}:manifest") == victim)];
        Assert.NotEmpty(lost);
        Assert.True(lost.Length < shards.Length, "All shards lie on one node.");
        bool IsLost(string id) => lost.Contains(GalleryShard.IndexOf(id, 6));

        cluster.Stop(victim);
        Stopwatch clock = Stopwatch.StartNew();
        StoreAnswer partial = await store.FindAsync(world.Queries[0], 10, cancellationToken: Cancellation);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(15), $"The search took {clock.Elapsed}.");
        Assert.Equal(lost.Length, partial.Missing.Count(sentence => sentence.Contains("were not looked at", StringComparison.Ordinal)));
        Assert.Equal(
            world.Best(world.Queries[0], 400, Beta).Where(item => !IsLost(item.Id)).Take(10).Select(item => item.Score),
            partial.Hits.Select(hit => (double)hit.Score),
            (x, y) => Math.Abs(x - y) < 2e-6);

        // Who asks next does not wait for it.
        clock.Restart();
        Assert.NotEmpty((await store.FindAsync(world.Queries[1], 10, cancellationToken: Cancellation)).Missing);
        TestContext.Current.TestOutputHelper!.WriteLine($"the next search took {clock.Elapsed}");
        ComposedImageRetriever retriever = new(new StoreGallerySearch(store), null, null, new RetrievalOptions { Beta = Beta });
        RetrievalRanking result = await retriever.SearchAsync(new ComposedQuery { Terms = [QueryTerm.FromEmbedding(TermRole.Image, world.Queries[0])] }, 10, Cancellation);
        Assert.NotEmpty(result.Statistics.Missing);

        // It comes back with nothing: that is no whole answer either.
        cluster.Restart(victim);
        StoreAnswer empty = await UntilAsync(
            store,
            world.Queries[0],
            answer => answer.Missing.Any(sentence => sentence.Contains("Push the gallery again", StringComparison.Ordinal)));
        Assert.NotEmpty(empty.Missing);

        StorePushResult again = await push.RunAsync(store, cancellationToken: Cancellation);
        Assert.Equal(Enumerable.Range(0, world.Gallery.OrdinalCount).Count(ordinal => IsLost(world.Gallery.IdOf(ordinal))), again.Written);
        StoreAnswer whole = await UntilAsync(store, world.Queries[0], answer => answer.Missing.Count == 0);
        Assert.Equal(world.Best(world.Queries[0], 10, Beta).Select(item => item.Score), whole.Hits.Select(hit => (double)hit.Score), (x, y) => Math.Abs(x - y) < 2e-6);
    }

    [Theory]
    [InlineData("L2")]
    [InlineData("COSINE")]
    public async Task A_vector_set_of_another_metric_is_refused_rather_than_searched(string metric)
    {
        string gallery = "metric-" + metric;
        RedisGalleryStoreOptions options = new() { Shards = 1 };
        await using RedisGalleryStore store = await RedisGalleryStore.ConnectAsync(await shared.AddressAsync(gallery), options, Cancellation);
        StoreWorld world = StoreWorld.Create(count: 30);
        StorePush push = new(world.Gallery);
        await push.RunAsync(store, cancellationToken: Cancellation);

        // Somebody makes the set again, by the server's default or as they think right.
        IDatabase database = ((IConnectionMultiplexer)store.GetService(typeof(IConnectionMultiplexer))!).GetDatabase();
        RedisKey key = $"cir:{{{gallery}:0}}:1:rows";
        await database.KeyDeleteAsync(key);
        foreach (StoreRow row in world.Gallery.StoreRows(0.1))
        {
            await database.ExecuteAsync("VADD", [key, "FP32", MemoryMarshal.AsBytes(row.Vector.Span).ToArray(), row.Id, "NOQUANT", "XDISTANCE_METRIC", metric]);
        }

        await using RedisGalleryStore other = await RedisGalleryStore.ConnectAsync(await shared.AddressAsync(gallery), cancellationToken: Cancellation);
        InvalidGalleryException refused = await Assert.ThrowsAsync<InvalidGalleryException>(
            async () => await other.FindAsync(world.Queries[0], 5, cancellationToken: Cancellation));
        Assert.Contains("distance-metric", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_half_written_row_is_written_again_and_a_doubly_delivered_one_once()
    {
        RedisGalleryStoreOptions options = new() { Shards = 3, RefreshInterval = TimeSpan.Zero };
        await using RedisGalleryStore store = await RedisGalleryStore.ConnectAsync(await shared.AddressAsync("half"), options, Cancellation);
        StoreWorld world = StoreWorld.Create(seed: 12, count: 90);
        StorePush push = new(world.Gallery, new StorePushOptions { Beta = Beta });
        await push.RunAsync(store, cancellationToken: Cancellation);
        StoreRow[] rows = [.. world.Gallery.StoreRows(Beta)];
        await store.UpsertAsync([rows[3], rows[3], rows[4]], Cancellation);
        Assert.Equal(90, await store.CountAsync(Cancellation));
        Assert.Equal(0, (await push.RunAsync(store, cancellationToken: Cancellation)).Written);

        // The row was sent, its digest was not.
        IDatabase database = ((IConnectionMultiplexer)store.GetService(typeof(IConnectionMultiplexer))!).GetDatabase();
        string id = rows[7].Id;
        await database.HashDeleteAsync($"cir:{{half:{GalleryShard.IndexOf(id, 3)}}}:1:digests", id);
        Assert.Equal(1, (await push.RunAsync(store, cancellationToken: Cancellation)).Written);
        Assert.Equal(90, await store.CountAsync(Cancellation));
    }

    private static async Task<StoreAnswer> UntilAsync(RedisGalleryStore store, float[] query, Func<StoreAnswer, bool> condition)
    {
        for (int attempt = 0; ; attempt++)
        {
            StoreAnswer answer = await store.FindAsync(query, 10, cancellationToken: Cancellation);
            if (condition(answer) || attempt == 100)
            {
                return answer;
            }

            await Task.Delay(100, Cancellation);
        }
    }
}
