using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Retrieval;

/// <summary>Finds the images of a gallery that look like a reference image changed as a text says.</summary>
/// <remarks>
/// <para>
/// Thread-safe. A search leaves the caller's thread, so a user interface may await it. Encoders are only called for what a query gives as
/// image or text; searching by id and embedding needs none.
/// </para>
/// <para>
/// A linear strategy costs one scan of the gallery for each query, a row-wise one a scan with as many vectors as it reads, and with
/// captions another. What is kept in memory for it is said at <see cref="ExactGallerySearch"/>.
/// </para>
/// </remarks>
public sealed class ComposedImageRetriever
{
    private readonly RetrievalOptions _options;
    private readonly QueryEncoders _encoders;
    private readonly Evidence _evidence;
    private readonly SharedSource _source;

    /// <summary>Creates a retriever over a gallery in this process.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="imageEncoder">Encodes reference images; <see langword="null"/> where queries come by id or embedding.</param>
    /// <param name="textEncoder">Encodes texts; <see langword="null"/> where queries have none.</param>
    /// <param name="options">How to score; <see langword="null"/> for the defaults.</param>
    /// <param name="describer">Describes targets for strategies that read descriptions, where a query has none; <see langword="null"/> for nobody.</param>
    /// <param name="reranker">
    /// Puts the first images into a new order, as many as <see cref="RetrievalOptions.RerankDepth"/> says; <see langword="null"/> for nobody.
    /// </param>
    /// <param name="images">The gallery's pictures, for describer, re-ranker and composed encoder; <see langword="null"/> where there are none.</param>
    /// <param name="composedEncoder">Encodes reference images and texts together, for the strategy <c>joint</c>; <see langword="null"/> for nobody.</param>
    /// <exception cref="InvalidGalleryException">The gallery was indexed with another model.</exception>
    /// <exception cref="ArgumentException">A depth of re-ranking is asked for without a re-ranker or without pictures.</exception>
    public ComposedImageRetriever(
        Gallery gallery,
        IImageEncoder? imageEncoder,
        ITextEncoder? textEncoder,
        RetrievalOptions? options = null,
        ITargetDescriber? describer = null,
        ITargetReranker? reranker = null,
        IImageSource? images = null,
        IComposedEncoder? composedEncoder = null)
        : this(
            encoders => new GallerySearchSource(gallery, encoders, options?.Copy() ?? new RetrievalOptions()),
            new QueryEncoders(imageEncoder, textEncoder, composedEncoder, images),
            options,
            describer,
            reranker)
    {
    }

    /// <summary>Creates a retriever over whatever searches composed queries: a gallery in this process, or a store.</summary>
    /// <param name="search">What searches. Whether it holds embeddings of these encoders is looked at by the first query.</param>
    /// <param name="imageEncoder">Encodes reference images; <see langword="null"/> where queries come by id or embedding.</param>
    /// <param name="textEncoder">Encodes texts; <see langword="null"/> where queries have none.</param>
    /// <param name="options">
    /// How to score; <see langword="null"/> for the defaults. How indexes search and how many are kept is the business of <paramref name="search"/>.
    /// </param>
    /// <param name="describer">Describes targets for strategies that read descriptions, where a query has none; <see langword="null"/> for nobody.</param>
    /// <param name="reranker">
    /// Puts the first images into a new order, as many as <see cref="RetrievalOptions.RerankDepth"/> says; <see langword="null"/> for nobody.
    /// </param>
    /// <param name="images">The gallery's pictures, for describer, re-ranker and composed encoder; <see langword="null"/> where there are none.</param>
    /// <param name="composedEncoder">Encodes reference images and texts together, for the strategy <c>joint</c>; <see langword="null"/> for nobody.</param>
    /// <exception cref="ArgumentException">A depth of re-ranking is asked for without a re-ranker or without pictures.</exception>
    public ComposedImageRetriever(
        IGallerySearch search,
        IImageEncoder? imageEncoder,
        ITextEncoder? textEncoder,
        RetrievalOptions? options = null,
        ITargetDescriber? describer = null,
        ITargetReranker? reranker = null,
        IImageSource? images = null,
        IComposedEncoder? composedEncoder = null)
        : this(
            encoders => new GivenSearchSource(search, encoders, options?.Copy() ?? new RetrievalOptions()),
            new QueryEncoders(imageEncoder, textEncoder, composedEncoder, images),
            options,
            describer,
            reranker)
    {
    }

    private ComposedImageRetriever(
        Func<QueryEncoders, SearchSource> source, QueryEncoders encoders, RetrievalOptions? options, ITargetDescriber? describer, ITargetReranker? reranker)
    {
        _source = new SharedSource(source(encoders));
        _encoders = encoders;
        _options = options?.Copy() ?? new RetrievalOptions();
        _evidence = new Evidence(_options, describer, reranker, encoders.Pictures);
    }

    /// <summary>The gallery that is searched; <see langword="null"/> where a store is.</summary>
    public Gallery? Gallery => _source.Current.Gallery;

    /// <summary>Searches for one query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="k">How many images to find, at least 1; fewer are found where the gallery has fewer. <see cref="ComposedQuery.Count"/> goes first.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The images, best first; ties in gallery order.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    /// <exception cref="ArgumentException">The selection of the query was made by another gallery.</exception>
    /// <exception cref="InvalidQueryException">
    /// The query is empty or contradicts itself, gives what its strategy does not read, or needs an encoder, captions or descriptions that are not there.
    /// </exception>
    /// <exception cref="UnknownItemException">An id is not in the gallery.</exception>
    /// <exception cref="InvalidComposedInputException">The composed encoder cannot read image and text together.</exception>
    /// <exception cref="InvalidImageException">An image cannot be decoded.</exception>
    /// <exception cref="InvalidEmbeddingException">An embedding does not fit the gallery, or the query has no direction.</exception>
    public async Task<RetrievalRanking> SearchAsync(ComposedQuery query, int k = 10, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return (await SearchAsync([query], k, cancellationToken).ConfigureAwait(false))[0];
    }

    /// <summary>
    /// Searches for many queries: images and texts are encoded together, each distinct one once, and queries that ask the same index about
    /// the same items are compared together. Order and scores are those of one search after the other.
    /// </summary>
    /// <param name="queries">The queries; may be empty. Each may have its own strategy, weights, number of hits, selection and left-out items.</param>
    /// <param name="k">How many images to find for each, at least 1; fewer are found where the gallery has fewer. <see cref="ComposedQuery.Count"/> goes first.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>For each query, the images, best first; ties in gallery order.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    /// <exception cref="ArgumentException">The selection of a query was made by another gallery.</exception>
    /// <exception cref="InvalidQueryException">
    /// A query is empty or contradicts itself, gives what its strategy does not read, or needs an encoder, captions or descriptions that are not there.
    /// </exception>
    /// <exception cref="UnknownItemException">An id is not in the gallery.</exception>
    /// <exception cref="InvalidComposedInputException">The composed encoder cannot read image and text together.</exception>
    /// <exception cref="InvalidImageException">An image cannot be decoded.</exception>
    /// <exception cref="InvalidEmbeddingException">An embedding does not fit the gallery, or a query has no direction.</exception>
    public async Task<IReadOnlyList<RetrievalRanking>> SearchAsync(IReadOnlyList<ComposedQuery> queries, int k = 10, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);

        // A scan is long work, and an index may have to be made first: it leaves the caller's thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using SearchMeasurement measurement = new(queries.Count);
        using SharedSource.Use use = _source.Begin();
        SearchSource source = use.Source;
        ReferenceItems references = await source.ReferencesAsync(queries, cancellationToken).ConfigureAwait(false);
        ComposedQuery[] complete = await _evidence.CompleteAsync(queries, references, cancellationToken).ConfigureAwait(false);
        QueryVectors[] composed = await ComposeAsync(source, complete, references, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<GallerySearchResult> found;
        using (SearchMeasurement.BeginScan())
        {
            found = await source.SearchAsync(
                [.. complete.Select((query, position) => Request(query, composed[position], query.Count ?? k))], cancellationToken).ConfigureAwait(false);
        }

        RetrievalRanking[] rankings = new RetrievalRanking[found.Count];
        for (int i = 0; i < rankings.Length; i++)
        {
            RetrievalResult[] results = [.. found[i].Hits.Select((hit, place) => new RetrievalResult(place + 1, hit.Score, hit.Item))];
            rankings[i] = await _evidence.RerankAsync(complete[i], results, complete[i].Count ?? k, references, found[i].Statistics, cancellationToken).ConfigureAwait(false);
        }

        measurement.Finish(composed, rankings);
        return rankings;
    }

    /// <summary>
    /// Composes a query without searching, for searching elsewhere: with a linear strategy one vector, whose inner products with the
    /// gallery's folded rows are the scores.
    /// </summary>
    /// <param name="query">The query.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The vectors, of the gallery's dimension, in the space of the query's strategy.</returns>
    /// <exception cref="InvalidQueryException">
    /// The query is empty or contradicts itself, gives what its strategy does not read, or needs an encoder, captions or descriptions that are not there.
    /// </exception>
    /// <exception cref="UnknownItemException">An id is not in the gallery.</exception>
    /// <exception cref="InvalidComposedInputException">The composed encoder cannot read image and text together.</exception>
    /// <exception cref="InvalidImageException">An image cannot be decoded.</exception>
    /// <exception cref="InvalidEmbeddingException">An embedding does not fit the gallery, or the query has no direction.</exception>
    public async Task<QueryVectors> ComposeAsync(ComposedQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        using SharedSource.Use use = _source.Begin();
        SearchSource source = use.Source;
        ReferenceItems references = await source.ReferencesAsync([query], cancellationToken).ConfigureAwait(false);
        ComposedQuery[] complete = await _evidence.CompleteAsync([query], references, cancellationToken).ConfigureAwait(false);
        QueryVectors composed = (await ComposeAsync(source, complete, references, cancellationToken).ConfigureAwait(false))[0];
        composed = await source.LookAsync(composed, query.Selection, cancellationToken).ConfigureAwait(false);
        try
        {
            _ = composed.Vectors; // A query without direction is refused here, and not where it is used.
            return composed;
        }
        catch (InvalidTermsException e)
        {
            throw new InvalidQueryException(e.Message);
        }
    }

    /// <summary>
    /// Searches another gallery from now on, such as the same folder after an update (<see cref="Gallery.Reopen"/>), without a pause: the
    /// index that queries need by default is made first, then the galleries are exchanged, and searches that run end on the one that they
    /// began with.
    /// </summary>
    /// <param name="gallery">The gallery, of the same encoders.</param>
    /// <param name="cancellationToken">Stops waiting; once the galleries are exchanged they stay so.</param>
    /// <returns>
    /// Ends when no search of this retriever uses the gallery that it searched before, with that gallery. Its files are unmapped when
    /// nothing that was read from it is referenced any more.
    /// </returns>
    /// <exception cref="InvalidGalleryException">The gallery was indexed with another model.</exception>
    /// <exception cref="InvalidOperationException">The retriever was made over an <see cref="IGallerySearch"/>, whose business it is.</exception>
    public async Task<Gallery> ReplaceGalleryAsync(Gallery gallery, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        if (_source.Current is not GallerySearchSource)
        {
            throw new InvalidOperationException(
                "The retriever searches what it was given, not a gallery of its own. Give that search another gallery, or make a retriever over a Gallery.");
        }

        GallerySearchSource next = new(gallery, _encoders, _options);
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await next.PrepareAsync(cancellationToken).ConfigureAwait(false);
        SearchSource before = await _source.Exchange(next).WaitAsync(cancellationToken).ConfigureAwait(false);
        return before.Gallery!;
    }

    /// <summary>The way to what the retriever works with: its gallery, its search and what that offers, its encoders.</summary>
    /// <param name="serviceType">The type that is wanted.</param>
    /// <param name="serviceKey">A key where there are several.</param>
    /// <returns>The object, or <see langword="null"/> where there is none.</returns>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? _source.Current.GetService(serviceType, serviceKey)
            : serviceType.IsInstanceOfType(this) ? this
            : _source.Current.GetService(serviceType, null)
                ?? new object?[] { _encoders.Images, _encoders.Texts, _encoders.Composed }.FirstOrDefault(serviceType.IsInstanceOfType);
    }

    private async ValueTask<QueryVectors[]> ComposeAsync(SearchSource source, ComposedQuery[] queries, ReferenceItems references, CancellationToken cancellationToken)
    {
        QueryEncoding encoding = await QueryEncoding.CreateAsync(queries, references, _encoders, _options, cancellationToken).ConfigureAwait(false);
        ReadOnlyMemory<float> emptyText = await source.EmptyTextAsync(cancellationToken).ConfigureAwait(false);
        QueryVectors[] composed = new QueryVectors[queries.Length];
        for (int position = 0; position < composed.Length; position++)
        {
            SpaceTransform? transform = await source.TransformAsync(encoding.StrategyOf(position), cancellationToken).ConfigureAwait(false);
            composed[position] = encoding.Compose(position, transform, emptyText);
        }

        return composed;
    }

    private GallerySearchRequest Request(ComposedQuery query, QueryVectors composed, int count) => new(composed, Math.Max(count, _evidence.DepthOf(query)))
    {
        Filter = query.Filter,
        Selection = query.Selection,
        ExcludedIds = !query.ExcludeReference ? query.ExcludedIds :
        [
            .. query.ExcludedIds,
            query.ReferenceId
                ?? throw new InvalidQueryException("ExcludeReference was asked for a query without ReferenceId. Give the id, or list what to exclude in ExcludedIds."),
        ],
        MinScore = query.MinScore,
    };
}
