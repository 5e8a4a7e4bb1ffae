using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Stores.Redis;
using ZeroShotCir.Tests.Servers;

namespace ZeroShotCir.Tests.Redis;

public sealed class RedisGalleryStoreTests(GarnetCluster cluster) : GalleryStoreContract
{
    private protected override async Task<IGalleryStore> CreateAsync(string name)
        => await RedisGalleryStore.ConnectAsync(
            await cluster.AddressAsync(name),
            new RedisGalleryStoreOptions { Shards = 5, RefreshInterval = TimeSpan.Zero, ShardTimeout = TimeSpan.FromSeconds(20) },
            Cancellation);
}
