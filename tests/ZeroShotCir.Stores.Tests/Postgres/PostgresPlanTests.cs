using Npgsql;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Stores.Postgres;
using ZeroShotCir.Tests.Servers;

namespace ZeroShotCir.Tests.Postgres;

[Collection(PostgresServer.OneAfterTheOther)]
public sealed class PostgresPlanTests(PostgresServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_database_filters_and_without_an_index_it_compares_every_row()
    {
        StoreWorld world = StoreWorld.Create(count: 200);
        NpgsqlDataSource source = await server.ConnectAsync();
        PostgresGalleryStore indexed = new(source, "plan", new PostgresGalleryStoreOptions { Index = PostgresIndex.Hnsw });
        await new StorePush(world.Gallery).RunAsync(indexed, cancellationToken: Cancellation);
        GalleryFilter filter = GalleryFilter.Where("color", FilterOperator.In, "red");

        // Somebody made an index; who asks for exact answers gets them all the same.
        PostgresGalleryStore exact = new(source, "plan");
        string plan = await exact.ExplainAsync(world.Queries[0], 5, filter, Cancellation);
        TestContext.Current.TestOutputHelper!.WriteLine(plan);
        Assert.DoesNotContain("hnsw", plan, StringComparison.Ordinal);
        Assert.Contains("Filter:", plan, StringComparison.Ordinal);
        Assert.Contains("metadata ->>", plan, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost/db/photos")]
    [InlineData("postgres://localhost/photos")]
    [InlineData("postgres://localhost/db/photos/more")]
    [InlineData("postgres://localhost/db/pho tos")]
    public void A_malformed_address_is_refused(string address) => Assert.ThrowsAny<ArgumentException>(() => PostgresGalleryStore.Connect(address));
}
