using Microsoft.Extensions.VectorData;

namespace ZeroShotCir.Tests.VectorData;

/// <summary>A connector of our own: collections in memory that compare every record by the function of their definition, as it stands.</summary>
/// <param name="forced">The function by which all collections rank, whatever their definition says; <see langword="null"/> for an honest store.</param>
internal sealed class MemoryVectorStore(string? forced = null) : VectorStore
{
    private readonly Dictionary<string, MemoryCollection> _collections = [];

    public override VectorStoreCollection<object, Dictionary<string, object?>> GetDynamicCollection(string name, VectorStoreCollectionDefinition definition)
    {
        if (!_collections.TryGetValue(name, out MemoryCollection? collection))
        {
            _collections.Add(name, collection = new MemoryCollection(name, definition, forced));
        }

        return collection;
    }

    public override VectorStoreCollection<TKey, TRecord> GetCollection<TKey, TRecord>(string name, VectorStoreCollectionDefinition? definition = null)
        => throw new NotSupportedException();

    public override async IAsyncEnumerable<string> ListCollectionNamesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        foreach (string name in _collections.Keys)
        {
            yield return name;
        }
    }

    public override Task<bool> CollectionExistsAsync(string name, CancellationToken cancellationToken = default) => Task.FromResult(_collections.ContainsKey(name));

    public override Task EnsureCollectionDeletedAsync(string name, CancellationToken cancellationToken = default)
    {
        _collections.Remove(name);
        return Task.CompletedTask;
    }

    public override object? GetService(Type serviceType, object? serviceKey = null) => null;
}
