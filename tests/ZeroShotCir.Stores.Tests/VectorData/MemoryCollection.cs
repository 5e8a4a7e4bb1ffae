using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.VectorData;

namespace ZeroShotCir.Tests.VectorData;

internal sealed class MemoryCollection(string name, VectorStoreCollectionDefinition definition, string? forced) : VectorStoreCollection<object, Dictionary<string, object?>>
{
    private readonly Dictionary<object, Dictionary<string, object?>> _records = [];
    private readonly string _key = definition.Properties.OfType<VectorStoreKeyProperty>().Single().Name;
    private readonly VectorStoreVectorProperty _vector = definition.Properties.OfType<VectorStoreVectorProperty>().Single();
    private bool _exists;

    public override string Name => name;

    public override Task<bool> CollectionExistsAsync(CancellationToken cancellationToken = default) => Task.FromResult(_exists);

    public override Task EnsureCollectionExistsAsync(CancellationToken cancellationToken = default)
    {
        _exists = true;
        return Task.CompletedTask;
    }

    public override Task EnsureCollectionDeletedAsync(CancellationToken cancellationToken = default)
    {
        _exists = false;
        _records.Clear();
        return Task.CompletedTask;
    }

    public override Task<Dictionary<string, object?>?> GetAsync(object key, RecordRetrievalOptions? options = null, CancellationToken cancellationToken = default)
        => Task.FromResult(_records.GetValueOrDefault(key));

    public override async IAsyncEnumerable<Dictionary<string, object?>> GetAsync(
        Expression<Func<Dictionary<string, object?>, bool>> filter,
        int top,
        FilteredRecordRetrievalOptions<Dictionary<string, object?>>? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        foreach (Dictionary<string, object?> record in _records.Values.Where(filter.Compile()).Take(top))
        {
            yield return record;
        }
    }

    public override Task DeleteAsync(object key, CancellationToken cancellationToken = default)
    {
        _records.Remove(key);
        return Task.CompletedTask;
    }

    public override Task UpsertAsync(Dictionary<string, object?> record, CancellationToken cancellationToken = default)
    {
        Assert.True(_exists, "A record was written to a collection that was not made.");
        Assert.Equal(definition.Properties.Select(property => property.Name).Order(), record.Keys.Order());
        Assert.Equal(_vector.Dimensions, ((ReadOnlyMemory<float>)record[_vector.Name]!).Length);
        _records[record[_key]!] = record;
        return Task.CompletedTask;
    }

    public override async Task UpsertAsync(IEnumerable<Dictionary<string, object?>> records, CancellationToken cancellationToken = default)
    {
        foreach (Dictionary<string, object?> record in records)
        {
            await UpsertAsync(record, cancellationToken);
        }
    }

    public override async IAsyncEnumerable<VectorSearchResult<Dictionary<string, object?>>> SearchAsync<TInput>(
        TInput searchValue, int top, VectorSearchOptions<Dictionary<string, object?>>? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        ReadOnlyMemory<float> query = (ReadOnlyMemory<float>)(object)searchValue;
        string function = forced ?? _vector.DistanceFunction!;
        bool isDistance = function is DistanceFunction.CosineDistance
            or DistanceFunction.EuclideanDistance
            or DistanceFunction.EuclideanSquaredDistance
            or DistanceFunction.NegativeDotProductSimilarity;
        Func<Dictionary<string, object?>, bool> filter = options?.Filter?.Compile() ?? (_ => true);
        foreach ((Dictionary<string, object?> record, double score) in _records.Values
            .Where(filter)
            .Select(record => (record, Score: Compare(function, query.Span, ((ReadOnlyMemory<float>)record[_vector.Name]!).Span)))
            .OrderBy(pair => isDistance ? pair.Score : -pair.Score)
            .Take(top))
        {
            yield return new VectorSearchResult<Dictionary<string, object?>>(record, score);
        }
    }

    public override object? GetService(Type serviceType, object? serviceKey = null) => null;

    private static double Compare(string function, ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double product = 0, squareX = 0, squareY = 0, distance = 0;
        for (int i = 0; i < x.Length; i++)
        {
            product += (double)x[i] * y[i];
            squareX += (double)x[i] * x[i];
            squareY += (double)y[i] * y[i];
            distance += ((double)x[i] - y[i]) * ((double)x[i] - y[i]);
        }

        return function switch
        {
            DistanceFunction.DotProductSimilarity => product,
            DistanceFunction.NegativeDotProductSimilarity => -product,
            DistanceFunction.CosineSimilarity => product / Math.Sqrt(squareX * squareY),
            DistanceFunction.CosineDistance => 1 - (product / Math.Sqrt(squareX * squareY)),
            DistanceFunction.EuclideanDistance => Math.Sqrt(distance),
            DistanceFunction.EuclideanSquaredDistance => distance,
            _ => throw new NotSupportedException(function),
        };
    }
}
