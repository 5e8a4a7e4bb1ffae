using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Retrieval;

/// <summary>A search that a retriever was given.</summary>
internal sealed class GivenSearchSource : SearchSource
{
    private readonly IGallerySearch _search;
    private readonly ExactGallerySearch? _exact;
    private readonly QueryEncoders _encoders;
    private readonly RetrievalOptions _options;
    private GallerySearchInfo? _info;

    public GivenSearchSource(IGallerySearch search, QueryEncoders encoders, RetrievalOptions options)
    {
        ArgumentNullException.ThrowIfNull(search);
        _search = search;
        _exact = search.GetService(typeof(ExactGallerySearch)) as ExactGallerySearch;
        _encoders = encoders;
        _options = options;
    }

    public override Gallery? Gallery => _search.GetService(typeof(Gallery)) as Gallery;

    public override async ValueTask<ReferenceItems> ReferencesAsync(IReadOnlyList<ComposedQuery> queries, CancellationToken cancellationToken)
    {
        GallerySearchInfo info = await InfoAsync(cancellationToken).ConfigureAwait(false);
        if (_exact is not null)
        {
            return new GalleryReferences(_exact.Gallery);
        }

        string[] ids = [.. queries.SelectMany(IdsOf).Distinct(StringComparer.Ordinal)];
        Dictionary<string, StoreRow> rows = new(StringComparer.Ordinal);
        if (ids.Length > 0)
        {
            IReadOnlyList<StoreRow> found = await _search.GetRowsAsync(ids, cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < ids.Length; i++)
            {
                rows.Add(ids[i], found[i]);
            }
        }

        return new StoredReferences(info.Dimensions, rows);
    }

    public override ValueTask<ReadOnlyMemory<float>> EmptyTextAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_exact?.EmptyText ?? default);

    public override ValueTask<SpaceTransform?> TransformAsync(CompositionStrategy strategy, CancellationToken cancellationToken) => ValueTask.FromResult(
        _exact is not null ? _exact.SpaceOf(strategy.Space).Transform
        : strategy.LooksAtItems
        ? throw new InvalidQueryException(
            $"The strategy '{strategy.Name}' looks at the items before it composes, and a store does not show them. "
            + "Choose another strategy, or search the gallery itself.")
        : strategy.Space == CompositionSpace.Embedding ? null
        : throw new InvalidQueryException(
            $"The strategy '{strategy.Name}' compares rows in a space of its own, and a store has them in the encoders' only. "
            + "Choose another strategy, or search the gallery itself."));

    public override ValueTask<QueryVectors> LookAsync(QueryVectors query, GallerySelection? selection, CancellationToken cancellationToken)
        => ValueTask.FromResult(_exact?.Look(query, selection) ?? query);

    public override ValueTask<IReadOnlyList<GallerySearchResult>> SearchAsync(IReadOnlyList<GallerySearchRequest> requests, CancellationToken cancellationToken)
        => _search.SearchAsync(requests, cancellationToken);

    public override object? GetService(Type serviceType, object? serviceKey)
        => serviceKey is null && serviceType.IsInstanceOfType(_search) ? _search : _search.GetService(serviceType, serviceKey);

    private static IEnumerable<string> IdsOf(ComposedQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return (query.ReferenceId is { } id ? (IEnumerable<string>)[id] : []).Concat(query.Terms.Select(term => term.ItemId).OfType<string>());
    }

    private async ValueTask<GallerySearchInfo> InfoAsync(CancellationToken cancellationToken)
    {
        if (_info is { } known)
        {
            return known;
        }

        GallerySearchInfo info = await _search.GetInfoAsync(cancellationToken).ConfigureAwait(false);
        EncoderInfo? images = _encoders.Images?.Info, texts = _encoders.Texts?.Info, composed = _encoders.Composed?.Info;
        if (_exact is not null)
        {
            _exact.Gallery.ThrowIfOther(images, texts, composed);
        }
        else
        {
            info.Model?.ThrowIfOther(images, texts, composed);
        }

        foreach (EncoderInfo encoder in new[] { images, texts, composed }.OfType<EncoderInfo>())
        {
            EmbeddingGuard.ThrowIfDimensionsDiffer(encoder.Dimensions, info.Dimensions, $"The encoder '{encoder.ModelId}'");
        }

        if (info.MissingCaptions is { } rule && rule != _options.MissingCaptions)
        {
            throw new InvalidGalleryException(
                $"What is searched treats items without captions by the rule {rule}, the retriever's options say {_options.MissingCaptions}. Set MissingCaptions to {rule}.");
        }

        _info = info;
        return info;
    }
}
