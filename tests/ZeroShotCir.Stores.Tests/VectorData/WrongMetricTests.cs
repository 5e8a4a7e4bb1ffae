using Microsoft.Extensions.VectorData;
using ZeroShotCir.Extensions.VectorData;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Tests.VectorData;

/// <summary>Folded rows are not of unit length: an engine that ranks by something else than it says must not be believed.</summary>
public sealed class WrongMetricTests
{
    private const double Beta = 0.5;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DistanceFunction.DotProductSimilarity, DistanceFunction.CosineSimilarity)]
    [InlineData(DistanceFunction.DotProductSimilarity, DistanceFunction.EuclideanDistance)]
    [InlineData(DistanceFunction.DotProductSimilarity, DistanceFunction.CosineDistance)]
    [InlineData(DistanceFunction.CosineSimilarity, DistanceFunction.EuclideanDistance)]
    [InlineData(DistanceFunction.EuclideanDistance, DistanceFunction.EuclideanSquaredDistance)]
    public async Task A_collection_that_ranks_by_another_function_is_refused(string said, string real)
    {
        StoreWorld world = StoreWorld.Create(count: 100);
        VectorDataGalleryStore store = new(new MemoryVectorStore(forced: real), "photos", new VectorDataGalleryStoreOptions { DistanceFunction = said });
        await new StorePush(world.Gallery, new StorePushOptions { Beta = Beta }).RunAsync(store, cancellationToken: Cancellation);
        InvalidGalleryException refused = await Assert.ThrowsAsync<InvalidGalleryException>(
            async () => await store.FindAsync(world.Queries[0], 10, cancellationToken: Cancellation));
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DistanceFunction.ManhattanDistance)]
    [InlineData(DistanceFunction.HammingDistance)]
    [InlineData("something else")]
    public void A_function_that_cannot_rank_folded_rows_is_refused_by_name(string function)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => new VectorDataGalleryStoreOptions { DistanceFunction = function });
        Assert.Contains(DistanceFunction.CosineSimilarity, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collection_that_was_made_for_another_function_is_refused()
    {
        StoreWorld world = StoreWorld.Create(count: 50);
        MemoryVectorStore collections = new();
        await new StorePush(world.Gallery).RunAsync(new VectorDataGalleryStore(collections, "photos"), cancellationToken: Cancellation);
        VectorDataGalleryStore other = new(collections, "photos", new VectorDataGalleryStoreOptions { DistanceFunction = DistanceFunction.CosineSimilarity });
        await Assert.ThrowsAsync<InvalidGalleryException>(async () => await other.GetDescriptionAsync(Cancellation));
    }

    /// <summary>The trap itself: what a naive push to a Euclidean or cosine engine finds. If this were right, the component would be needless.</summary>
    [Theory]
    [InlineData(DistanceFunction.EuclideanDistance)]
    [InlineData(DistanceFunction.CosineSimilarity)]
    public async Task Without_the_added_component_such_engines_find_others(string function)
    {
        StoreWorld world = StoreWorld.Create();
        MemoryVectorStore naive = new(forced: function);
        VectorStoreCollection<object, Dictionary<string, object?>> collection = naive.GetDynamicCollection("naive", new VectorStoreCollectionDefinition
        {
            Properties = [new VectorStoreKeyProperty("key", typeof(string)), new VectorStoreVectorProperty("vector", typeof(ReadOnlyMemory<float>), StoreWorld.Dimensions)],
        });
        await collection.EnsureCollectionExistsAsync(Cancellation);
        foreach (StoreRow row in world.Gallery.StoreRows(Beta))
        {
            await collection.UpsertAsync(new Dictionary<string, object?> { ["key"] = row.Id, ["vector"] = row.Vector }, Cancellation);
        }

        VectorDataGalleryStore corrected = new(new MemoryVectorStore(), "photos", new VectorDataGalleryStoreOptions { DistanceFunction = function });
        await new StorePush(world.Gallery, new StorePushOptions { Beta = Beta }).RunAsync(corrected, cancellationToken: Cancellation);
        int naiveRight = 0, correctedRight = 0;
        foreach (float[] query in world.Queries)
        {
            HashSet<string> best = [.. world.Best(query, 10, Beta).Select(item => item.Id)];
            await foreach (VectorSearchResult<Dictionary<string, object?>> hit in collection.SearchAsync(new ReadOnlyMemory<float>(query), 10, cancellationToken: Cancellation))
            {
                naiveRight += best.Contains((string)hit.Record["key"]!) ? 1 : 0;
            }

            correctedRight += (await corrected.FindAsync(query, 10, cancellationToken: Cancellation)).Hits.Count(hit => best.Contains(hit.Item.Id));
        }

        Assert.Equal(10 * world.Queries.Length, correctedRight);
        Assert.True(naiveRight < correctedRight, $"Without the component {naiveRight} of {correctedRight} were found.");
    }
}
