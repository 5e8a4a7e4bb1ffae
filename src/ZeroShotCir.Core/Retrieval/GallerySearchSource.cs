using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Retrieval;

/// <summary>A gallery that a retriever searches by itself.</summary>
internal sealed class GallerySearchSource : SearchSource
{
    private readonly Gallery _gallery;
    private readonly ITextEncoder? _captionEncoder;
    private readonly RetrievalOptions _options;
    private readonly Lock _gate = new();
    private ExactGallerySearch? _search;

    /// <exception cref="InvalidGalleryException">The gallery was indexed with another model.</exception>
    public GallerySearchSource(Gallery gallery, QueryEncoders encoders, RetrievalOptions options)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        gallery.ThrowIfOther(encoders.Images?.Info, encoders.Texts?.Info, encoders.Composed?.Info);
        gallery.ThrowIfOther(null, options.CaptionEncoder?.Info);
        _gallery = gallery;
        _captionEncoder = options.CaptionEncoder ?? encoders.Texts;
        _options = options;
    }

    public override Gallery Gallery => _gallery;

    public override ValueTask<ReferenceItems> ReferencesAsync(IReadOnlyList<ComposedQuery> queries, CancellationToken cancellationToken)
        => ValueTask.FromResult<ReferenceItems>(new GalleryReferences(_gallery));

    public override async ValueTask<ReadOnlyMemory<float>> EmptyTextAsync(CancellationToken cancellationToken)
        => (await SearchAsync(cancellationToken).ConfigureAwait(false)).EmptyText;

    public override async ValueTask<SpaceTransform?> TransformAsync(CompositionStrategy strategy, CancellationToken cancellationToken)
        => (await SearchAsync(cancellationToken).ConfigureAwait(false)).SpaceOf(strategy.Space).Transform;

    public override async ValueTask<QueryVectors> LookAsync(QueryVectors query, GallerySelection? selection, CancellationToken cancellationToken)
        => (await SearchAsync(cancellationToken).ConfigureAwait(false)).Look(query, selection);

    public override async ValueTask<IReadOnlyList<GallerySearchResult>> SearchAsync(IReadOnlyList<GallerySearchRequest> requests, CancellationToken cancellationToken)
        => (await SearchAsync(cancellationToken).ConfigureAwait(false)).Search(requests, cancellationToken);

    public override object? GetService(Type serviceType, object? serviceKey) => serviceKey is null && serviceType.IsInstanceOfType(_gallery) ? _gallery : null;

    /// <summary>Makes what queries need that leave everything to the options.</summary>
    public async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        ExactGallerySearch search = await SearchAsync(cancellationToken).ConfigureAwait(false);
        if (_gallery.Count > 0 && _options.Strategy.Space == CompositionSpace.Embedding && _options.Scoring == Scoring.Paper)
        {
            search.SpaceOf(CompositionSpace.Embedding).Folded(_options.Beta);
        }
    }

    // Made by the first query: the empty text may have to be encoded.
    private async ValueTask<ExactGallerySearch> SearchAsync(CancellationToken cancellationToken)
    {
        if (_search is { } made)
        {
            return made;
        }

        ReadOnlyMemory<float> emptyText = default;
        if (_options.MissingCaptions == MissingCaptions.EmptyText)
        {
            ITextEncoder encoder = _captionEncoder ?? throw new InvalidQueryException(
                "The empty text is to stand in for missing captions, but the retriever was made without a text encoder.");
            emptyText = (await encoder.EncodeAsync([string.Empty], cancellationToken).ConfigureAwait(false)).Memory;
        }

        lock (_gate)
        {
            return _search ??= new ExactGallerySearch(_gallery, emptyText, _options.MaxIndexes, _options.Index)
            {
                OnlyFolded = _options.FoldOtherBetas ? null : _options.Beta,
            };
        }
    }
}
