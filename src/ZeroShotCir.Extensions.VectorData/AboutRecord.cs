using Microsoft.Extensions.VectorData;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Extensions.VectorData;

/// <summary>The record that says what the rows of a collection are, in a collection of its own, because collections have no metadata.</summary>
internal sealed class AboutRecord(VectorStore store, string collection, VectorDataKey key)
{
    // Some connectors want a vector in every record.
    private static readonly float[] NoVector = [1, 0];

    public async Task<StoreDescription?> ReadAsync(string name, string distanceFunction, CancellationToken cancellationToken)
    {
        VectorStoreCollection<object, Dictionary<string, object?>> about = Collection();
        if (!await about.CollectionExistsAsync(cancellationToken).ConfigureAwait(false)
            || await about.GetAsync(Key(), cancellationToken: cancellationToken).ConfigureAwait(false) is not { } record)
        {
            return null;
        }

        string function = (string)record["distance"]!;
        return function == distanceFunction
            ? StoreDescriptionFormat.Parse((string)record["description"]!, Moments(record, "images"), Moments(record, "captions"))
            : throw new InvalidGalleryException(
                $"The collection '{name}' was made to rank by {function}, given was {distanceFunction}: its rows would be read wrongly. "
                + $"Name {function}, or push the gallery to a new collection.");
    }

    public async Task WriteAsync(StoreDescription description, string distanceFunction, CancellationToken cancellationToken)
    {
        VectorStoreCollection<object, Dictionary<string, object?>> about = Collection();
        await about.EnsureCollectionExistsAsync(cancellationToken).ConfigureAwait(false);
        await about.UpsertAsync(
            new Dictionary<string, object?>
            {
                ["key"] = Key(),
                ["description"] = StoreDescriptionFormat.ToJson(description),
                ["distance"] = distanceFunction,
                ["images"] = Text(description.Images),
                ["captions"] = Text(description.Captions),
                ["vector"] = new ReadOnlyMemory<float>(NoVector),
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static string Text(RowMoments? moments) => moments is null ? "" : Convert.ToBase64String(moments.ToBytes());

    private static RowMoments? Moments(Dictionary<string, object?> record, string name)
        => record[name] is string { Length: > 0 } text ? RowMoments.FromBytes(Convert.FromBase64String(text)) : null;

    private object Key() => key == VectorDataKey.Uuid ? Guid.Empty : "about";

    private VectorStoreCollection<object, Dictionary<string, object?>> Collection() => store.GetDynamicCollection(
        collection,
        new VectorStoreCollectionDefinition
        {
            Properties =
            [
                new VectorStoreKeyProperty("key", key == VectorDataKey.Uuid ? typeof(Guid) : typeof(string)),
                new VectorStoreDataProperty("description", typeof(string)),
                new VectorStoreDataProperty("distance", typeof(string)),
                new VectorStoreDataProperty("images", typeof(string)),
                new VectorStoreDataProperty("captions", typeof(string)),
                new VectorStoreVectorProperty("vector", typeof(ReadOnlyMemory<float>), NoVector.Length),
            ],
        });
}
