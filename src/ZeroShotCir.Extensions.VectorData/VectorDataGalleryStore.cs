using System.Numerics.Tensors;
using Microsoft.Extensions.VectorData;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Extensions.VectorData;

/// <summary>A gallery in a collection of Microsoft.Extensions.VectorData, by whatever connector.</summary>
/// <remarks>
/// <para>Serves concurrent callers if the connector does. Beside the collection there is a second one, its name with <c>_about</c>, with one record: what the rows are.</para>
/// <para>
/// The collection must rank by the function that the options name. The first search compares the scores of its hits with those of their
/// rows, and refuses a collection that ranks by another one.
/// </para>
/// <para>Filters go to the collection: conditions <see cref="FilterOperator.In"/>, <see cref="FilterOperator.NotIn"/> and <see cref="FilterOperator.Exists"/> of declared
/// fields and of the id, in any groups. Others are refused.</para>
/// </remarks>
public sealed class VectorDataGalleryStore : IGalleryStore
{
    // Engines round, and some keep rows in half precision; another metric is off by far more.
    private const double ScoreTolerance = 0.02;
    private readonly VectorStore _store;
    private readonly string _collection;
    private readonly VectorDataGalleryStoreOptions _options;
    private readonly RecordFilter _filter;
    private readonly AboutRecord _about;
    private StoreDescription? _description;
    private bool _isProven;

    /// <summary>Creates a store.</summary>
    /// <param name="store">The connector's store; it stays the caller's.</param>
    /// <param name="collection">The name of the collection; it is made by the first push.</param>
    /// <param name="options">How to use it; <see langword="null"/> for the defaults.</param>
    public VectorDataGalleryStore(VectorStore store, string collection, VectorDataGalleryStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentException.ThrowIfNullOrEmpty(collection);
        _store = store;
        _collection = collection;
        _options = options?.Copy() ?? new VectorDataGalleryStoreOptions();
        _filter = new RecordFilter(_options.FilterFields);
        _about = new AboutRecord(store, collection + "_about", _options.Key);
    }

    /// <inheritdoc/>
    public string Name => _collection;

    /// <inheritdoc/>
    public bool IsExact => _options.IsExact;

    /// <inheritdoc/>
    public async ValueTask<StoreDescription?> GetDescriptionAsync(CancellationToken cancellationToken = default)
        => _description = await _about.ReadAsync(Name, _options.DistanceFunction, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask SetDescriptionAsync(StoreDescription description, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(description);
        StoreDescription? existing = await GetDescriptionAsync(cancellationToken).ConfigureAwait(false);
        existing?.ThrowIfOther(description, Name);
        if (existing is null)
        {
            await Collection(new RecordLayout(_options, description.Dimensions)).EnsureCollectionExistsAsync(cancellationToken).ConfigureAwait(false);
        }

        await _about.WriteAsync(description, _options.DistanceFunction, cancellationToken).ConfigureAwait(false);
        _description = description;
    }

    /// <inheritdoc/>
    public async ValueTask UpsertAsync(IReadOnlyList<StoreRow> rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        RecordLayout layout = await LayoutAsync(cancellationToken).ConfigureAwait(false);
        await Collection(layout).UpsertAsync(rows.Select(layout.Record), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        RecordLayout layout = await LayoutAsync(cancellationToken).ConfigureAwait(false);
        await Collection(layout).DeleteAsync(ids.Select(layout.KeyOf), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The number of rows that were pushed; collections cannot be asked to count.</summary>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The number that the description gives.</returns>
    public async ValueTask<long> CountAsync(CancellationToken cancellationToken = default)
        => (await GetDescriptionAsync(cancellationToken).ConfigureAwait(false))?.Rows ?? 0;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoreRow?>> GetAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        RecordLayout layout = await LayoutAsync(cancellationToken).ConfigureAwait(false);
        Dictionary<string, StoreRow> found = [];
        await foreach (Dictionary<string, object?> record in Collection(layout)
            .GetAsync(ids.Select(layout.KeyOf), new RecordRetrievalOptions { IncludeVectors = true }, cancellationToken).ConfigureAwait(false))
        {
            StoreRow row = layout.Row(record);
            found[row.Id] = row;
        }

        return [.. ids.Select(found.GetValueOrDefault)];
    }

    /// <inheritdoc/>
    public async ValueTask<StoreAnswer> FindAsync(
        ReadOnlyMemory<float> vector, int k, GalleryFilter? filter = null, bool includeVectors = false, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        RecordLayout layout = await LayoutAsync(cancellationToken).ConfigureAwait(false);
        VectorSearchOptions<Dictionary<string, object?>> options = new() { IncludeVectors = includeVectors || !_isProven };
        if (filter is not null)
        {
            options.Filter = _filter.Write(filter);
        }

        double length = UnitVector.Length(vector.Span);
        List<StoreHit> hits = [];
        await foreach (VectorSearchResult<Dictionary<string, object?>> result in Collection(layout)
            .SearchAsync(layout.Metric.Query(vector), k, options, cancellationToken).ConfigureAwait(false))
        {
            double score = layout.Metric.InnerProduct(result.Score ?? double.NaN, length);
            if (!_isProven)
            {
                Prove(layout.Row(result.Record), vector.Span, score, length);
            }

            hits.Add(includeVectors ? new StoreHit(layout.Row(result.Record), (float)score) : new StoreHit(RecordLayout.Item(result.Record), (float)score));
        }

        _isProven |= hits.Count > 0;
        return new StoreAnswer([.. hits.OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Item.Id, StringComparer.Ordinal)])
        {
            Missing = _description is { IsWhole: false } description
                ? [$"A push of the gallery is under way or was cut off: the store may lack what was added since generation {description.Generation}."]
                : [],
        };
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(_store) ? _store
            : _store.GetService(serviceType, serviceKey);
    }

    private void Prove(StoreRow row, ReadOnlySpan<float> query, double score, double length)
    {
        double expected = TensorPrimitives.Dot(query, row.Vector.Span);
        if (!(Math.Abs(expected - score) <= ScoreTolerance * Math.Max(length, float.Epsilon)))
        {
            throw new InvalidGalleryException(
                $"The collection '{Name}' does not rank by {_options.DistanceFunction}: '{row.Id}' should have the inner product {expected:G4}, its score stands for {score:G4}. "
                + "Name the function that the collection was made with, and push the gallery to a new one.");
        }
    }

    private VectorStoreCollection<object, Dictionary<string, object?>> Collection(RecordLayout layout) => _store.GetDynamicCollection(_collection, layout.Definition());

    private async ValueTask<RecordLayout> LayoutAsync(CancellationToken cancellationToken)
    {
        StoreDescription description = _description ?? await GetDescriptionAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidGalleryException($"The collection '{Name}' holds no gallery. Push one to it first.");
        return new RecordLayout(_options, description.Dimensions);
    }
}
