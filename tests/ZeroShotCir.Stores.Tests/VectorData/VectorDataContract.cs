using System.Collections.Concurrent;
using Microsoft.Extensions.VectorData;
using ZeroShotCir.Extensions.VectorData;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Tests.VectorData;

public abstract class VectorDataContract(string function, VectorDataKey key) : GalleryStoreContract
{
    private readonly ConcurrentDictionary<string, MemoryVectorStore> _stores = [];

    private protected override double Precision => 5e-6;

    private protected override Task<IGalleryStore> CreateAsync(string name) => Task.FromResult<IGalleryStore>(new VectorDataGalleryStore(
        _stores.GetOrAdd(name, _ => new MemoryVectorStore()),
        name,
        new VectorDataGalleryStoreOptions { DistanceFunction = function, Key = key, IsExact = true, FilterFields = ["color", "price", "größe, US_size"] }));

    private protected override bool MayRefuse(GalleryFilter filter) => filter switch
    {
        FilterCondition condition => condition.Operator is not (FilterOperator.In or FilterOperator.NotIn or FilterOperator.Exists),
        FilterGroup group => group.Filters.Any(MayRefuse),
        _ => false,
    };
}

public sealed class InnerProductVectorDataTests() : VectorDataContract(DistanceFunction.DotProductSimilarity, VectorDataKey.Text);

public sealed class NegativeInnerProductVectorDataTests() : VectorDataContract(DistanceFunction.NegativeDotProductSimilarity, VectorDataKey.Uuid);

public sealed class CosineVectorDataTests() : VectorDataContract(DistanceFunction.CosineSimilarity, VectorDataKey.Text);

public sealed class CosineDistanceVectorDataTests() : VectorDataContract(DistanceFunction.CosineDistance, VectorDataKey.Text);

public sealed class EuclideanVectorDataTests() : VectorDataContract(DistanceFunction.EuclideanDistance, VectorDataKey.Uuid);

public sealed class SquaredEuclideanVectorDataTests() : VectorDataContract(DistanceFunction.EuclideanSquaredDistance, VectorDataKey.Text);
