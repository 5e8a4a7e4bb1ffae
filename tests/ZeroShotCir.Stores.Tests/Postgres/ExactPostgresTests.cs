using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Stores.Postgres;
using ZeroShotCir.Tests.Servers;

namespace ZeroShotCir.Tests.Postgres;

[Collection(PostgresServer.OneAfterTheOther)]
public sealed class ExactPostgresTests(PostgresServer server) : GalleryStoreContract
{
    private protected override async Task<IGalleryStore> CreateAsync(string name)
        => new PostgresGalleryStore(await server.ConnectAsync(), name, new PostgresGalleryStoreOptions { RefreshInterval = TimeSpan.Zero });
}
