using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Stores.Postgres;
using ZeroShotCir.Tests.Servers;

namespace ZeroShotCir.Tests.Postgres;

/// <summary>By the graph, in half precision: on so few rows it finds them all, and scores are off by the rounding of the rows.</summary>
[Collection(PostgresServer.OneAfterTheOther)]
public sealed class HnswPostgresTests(PostgresServer server) : GalleryStoreContract
{
    private protected override double Precision => 3e-3;

    private protected override async Task<IGalleryStore> CreateAsync(string name) => new PostgresGalleryStore(
        await server.ConnectAsync(),
        name,
        new PostgresGalleryStoreOptions { Index = PostgresIndex.Hnsw, HalfPrecision = true, SearchDepth = 400, RefreshInterval = TimeSpan.Zero });
}
