using StackExchange.Redis;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Stores.Redis;
using ZeroShotCir.Tests.Servers;

namespace ZeroShotCir.Tests.Redis;

/// <summary>Slots move from one node to another while the gallery in them is searched.</summary>
public sealed class ClusterReshardingTests
{
    private const double Beta = 0.2;
    private const int Shards = 6;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_shard_that_moves_is_searched_all_the_while_or_missed_by_name()
    {
        await using GarnetCluster cluster = new();
        RedisGalleryStoreOptions options = new() { Shards = Shards, RefreshInterval = TimeSpan.Zero, ShardTimeout = TimeSpan.FromSeconds(5) };
        await using RedisGalleryStore store = await RedisGalleryStore.ConnectAsync(await cluster.AddressAsync("photos"), options, Cancellation);
        StoreWorld world = StoreWorld.Create(seed: 13);
        StorePush push = new(world.Gallery, new StorePushOptions { Beta = Beta });
        await push.RunAsync(store, cancellationToken: Cancellation);
        IConnectionMultiplexer connection = (IConnectionMultiplexer)store.GetService(typeof(IConnectionMultiplexer))!;
        (string Id, double Score)[][] best = [.. world.Queries.Select(query => world.Best(query, 10, Beta))];

        Task moving = Task.Run(() => cluster.MoveAsync(connection, $"cir:{{photos:2}}:manifest", 1), Cancellation);
        int whole = 0, partial = 0, after = 0;
        while (after < world.Queries.Length)
        {
            int query = (whole + partial) % world.Queries.Length;
            StoreAnswer answer = await store.FindAsync(world.Queries[query], 10, cancellationToken: Cancellation);
            after += moving.IsCompleted ? 1 : 0;
            if (answer.Missing.Count > 0)
            {
                partial++;
                Assert.All(answer.Missing, sentence => Assert.StartsWith("Shard 3 of 6", sentence, StringComparison.Ordinal));
                continue;
            }

            whole++;
            Assert.Equal(best[query].Select(item => item.Score), answer.Hits.Select(hit => (double)hit.Score), (x, y) => Math.Abs(x - y) < 2e-6);
        }

        await moving;
        TestContext.Current.TestOutputHelper!.WriteLine($"{whole} whole answers, {partial} partial ones");
        StoreVerification found = await new StoreVerifier(world.Gallery).VerifyAsync(store, 100, Cancellation);
        Assert.Empty(found.Problems);
        Assert.Equal(0, (await push.RunAsync(store, cancellationToken: Cancellation)).Written);
    }
}
