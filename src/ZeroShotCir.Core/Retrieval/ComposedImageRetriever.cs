using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Imaging;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Retrieval;

/// <summary>Finds the images of a gallery that look like a reference image changed as a text says.</summary>
/// <remarks>
/// <para>
/// Thread-safe. A search leaves the caller's thread, so a user interface may await it. Encoders are only called for what a query gives as
/// image or text; searching by id and embedding needs none.
/// </para>
/// <para>
/// The index for a caption weight is made by the first query that needs it and kept: at once from the rows that the gallery stores,
/// otherwise by folding the gallery in memory. With <see cref="Scoring.PublishedCode"/> the first query stacks it: 1+J times its size.
/// A strategy that lives in a space of its own, such as <c>centred</c>, keeps the gallery's rows in that space: once its size.
/// </para>
/// <para>
/// A linear strategy costs one scan of the gallery for each query, a row-wise one a scan with as many vectors as it reads, and with
/// captions another.
/// </para>
/// </remarks>
public sealed class ComposedImageRetriever
{
    private readonly RetrievalOptions _options;
    private readonly IImageEncoder? _imageEncoder;
    private readonly ITextEncoder? _textEncoder;
    private readonly IndexCache _indexes;
    private readonly Dictionary<CompositionSpace, SearchedSpace> _spaces = [];
    private readonly Evidence _evidence;
    private ReadOnlyMemory<float> _emptyText;

    /// <summary>Creates a retriever.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="imageEncoder">Encodes reference images; <see langword="null"/> where queries come by id or embedding.</param>
    /// <param name="textEncoder">Encodes texts; <see langword="null"/> where queries have none.</param>
    /// <param name="options">How to score; <see langword="null"/> for the defaults.</param>
    /// <param name="describer">Describes targets for strategies that read descriptions, where a query has none; <see langword="null"/> for nobody.</param>
    /// <param name="verifier">Looks at the first images, as many as <see cref="RetrievalOptions.VerifyDepth"/> says; <see langword="null"/> for nobody.</param>
    /// <param name="images">The gallery's pictures, for describer and verifier; <see langword="null"/> where there are none.</param>
    /// <exception cref="InvalidGalleryException">The gallery was indexed with another model.</exception>
    /// <exception cref="ArgumentException">A depth of verification is asked for without a verifier or without pictures.</exception>
    public ComposedImageRetriever(
        Gallery gallery,
        IImageEncoder? imageEncoder,
        ITextEncoder? textEncoder,
        RetrievalOptions? options = null,
        ITargetDescriber? describer = null,
        ITargetVerifier? verifier = null,
        IImageSource? images = null)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        gallery.ThrowIfOther(imageEncoder?.Info, textEncoder?.Info);
        Gallery = gallery;
        _imageEncoder = imageEncoder;
        _textEncoder = textEncoder;
        _options = options?.Copy() ?? new RetrievalOptions();
        _indexes = new IndexCache(_options.MaxIndexes);
        _evidence = new Evidence(gallery, _options, describer, verifier, images);
    }

    /// <summary>The gallery that is searched.</summary>
    public Gallery Gallery { get; }

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
    /// <exception cref="InvalidImageException">An image cannot be decoded.</exception>
    /// <exception cref="InvalidEmbeddingException">An embedding does not fit the gallery, or the query has no direction.</exception>
    public async Task<IReadOnlyList<RetrievalResult>> SearchAsync(ComposedQuery query, int k = 10, CancellationToken cancellationToken = default)
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
    /// <exception cref="InvalidImageException">An image cannot be decoded.</exception>
    /// <exception cref="InvalidEmbeddingException">An embedding does not fit the gallery, or a query has no direction.</exception>
    public async Task<IReadOnlyList<IReadOnlyList<RetrievalResult>>> SearchAsync(
        IReadOnlyList<ComposedQuery> queries, int k = 10, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        // A scan is long work, and an index may have to be made first: it leaves the caller's thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        ComposedQuery[] complete = await _evidence.CompleteAsync(queries, cancellationToken).ConfigureAwait(false);
        QueryEncoding encoding = await QueryEncoding.CreateAsync(complete, Gallery, _imageEncoder, _textEncoder, _options, cancellationToken).ConfigureAwait(false);
        await EncodeEmptyTextAsync(cancellationToken).ConfigureAwait(false);
        Selections selections = new(Gallery);
        PreparedQuery[] prepared = [.. complete.Select((query, position) => Prepare(query, encoding, selections, position, query.Count ?? k))];
        SearchHit[][] hits = new SearchHit[prepared.Length][];
        if (Gallery.Count == 0)
        {
            // Queries are checked even where there is nothing to find.
            _ = prepared.Where(query => query.Strategy is LinearStrategy).Select(LinearSearch.VectorOf).ToArray();
            Array.Fill(hits, []);
        }
        else
        {
            ILookup<bool, int> kinds = Enumerable.Range(0, prepared.Length).ToLookup(position => prepared[position].Strategy is LinearStrategy);
            LinearSearch.Run(prepared, [.. kinds[true]], hits, cancellationToken);
            new RowSearch(Gallery).Run(prepared, [.. kinds[false]], hits, cancellationToken);
        }

        IReadOnlyList<RetrievalResult>[] results = new IReadOnlyList<RetrievalResult>[hits.Length];
        for (int i = 0; i < results.Length; i++)
        {
            RetrievalResult[] found = [.. hits[i].Select((hit, place) => new RetrievalResult(place + 1, hit.Score, Gallery.ItemAt(hit.Ordinal)))];
            results[i] = await _evidence.VerifyAsync(complete[i], found, complete[i].Count ?? k, cancellationToken).ConfigureAwait(false);
        }

        return results;
    }

    /// <summary>Composes the vector whose inner products with the gallery's folded rows are a query's scores, for searching elsewhere.</summary>
    /// <param name="query">The query; its strategy must be linear and live in the encoders' own space, and the scoring the paper's.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The vector, of the gallery's dimension.</returns>
    /// <exception cref="InvalidQueryException">The query cannot be composed, or is not one vector.</exception>
    /// <exception cref="InvalidEmbeddingException">An embedding does not fit the gallery, or the query has no direction.</exception>
    public async Task<ReadOnlyMemory<float>> ComposeAsync(ComposedQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ComposedQuery[] complete = await _evidence.CompleteAsync([query], cancellationToken).ConfigureAwait(false);
        QueryEncoding encoding = await QueryEncoding.CreateAsync(complete, Gallery, _imageEncoder, _textEncoder, _options, cancellationToken).ConfigureAwait(false);
        if (encoding.StrategyOf(0) is not LinearStrategy { Space: CompositionSpace.Embedding } || _options.Scoring != Scoring.Paper)
        {
            throw new InvalidQueryException($"With the strategy '{encoding.StrategyOf(0).Name}' and the scoring {_options.Scoring} a query is not one vector beside the gallery's folded rows. Choose a linear strategy and the paper's scoring.");
        }

        await EncodeEmptyTextAsync(cancellationToken).ConfigureAwait(false);
        return LinearSearch.VectorOf(Prepare(complete[0], encoding, new Selections(Gallery), 0, 1));
    }

    private PreparedQuery Prepare(ComposedQuery query, QueryEncoding encoding, Selections selections, int position, int count)
    {
        CompositionStrategy strategy = encoding.StrategyOf(position);
        double captionWeight = query.CaptionWeight ?? _options.CaptionWeight;
        SearchedSpace space = SpaceOf(strategy.Space);
        _ = space.Scope(query.Selection);
        return new PreparedQuery
        {
            Strategy = strategy,
            Space = space,
            CaptionWeight = captionWeight,
            Paths = encoding.PathsOf(position, space, captionWeight, _emptyText),
            Count = Math.Min(Math.Max(count, _evidence.DepthOf(query)), Math.Max(1, Gallery.Count)),
            Selection = selections.Of(query),
            Excluded = Excluded(query),
            MinScore = query.MinScore,
        };
    }

    private SearchedSpace SpaceOf(CompositionSpace space)
    {
        lock (_spaces)
        {
            if (!_spaces.TryGetValue(space, out SearchedSpace? searched))
            {
                searched = SearchedSpace.Create(space, Gallery, _options, _indexes, _emptyText);
                _spaces.Add(space, searched);
            }

            return searched;
        }
    }

    private async ValueTask EncodeEmptyTextAsync(CancellationToken cancellationToken)
    {
        if (_options.MissingCaptions == MissingCaptions.EmptyText && _emptyText.IsEmpty)
        {
            ITextEncoder encoder = _textEncoder ?? throw new InvalidQueryException(
                "The empty text is to stand in for missing captions, but the retriever was made without a text encoder.");
            _emptyText = (await encoder.EncodeAsync([string.Empty], cancellationToken).ConfigureAwait(false)).Memory;
        }
    }

    private HashSet<int> Excluded(ComposedQuery query)
    {
        HashSet<int> excluded = [.. query.ExcludedIds.Select(Gallery.OrdinalOf)];
        if (query.ExcludeReference)
        {
            excluded.Add(Gallery.OrdinalOf(query.ReferenceId
                ?? throw new InvalidQueryException("ExcludeReference was asked for a query without ReferenceId. Give the id, or list what to exclude in ExcludedIds.")));
        }

        return excluded;
    }
}
