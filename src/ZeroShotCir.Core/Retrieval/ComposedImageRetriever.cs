using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Retrieval;

/// <summary>Finds the images of a gallery that look like a reference image changed as a text says.</summary>
/// <remarks>
/// <para>Thread-safe. Encoders are only called for what a query gives as image or text; searching by id and embedding needs none.</para>
/// <para>
/// The index for a caption weight is made by the first query that needs it and kept: at once from the rows that the gallery stores,
/// otherwise by folding the gallery in memory. With <see cref="Scoring.Reference"/> the first query stacks it: 1+J times its size.
/// </para>
/// </remarks>
public sealed class ComposedImageRetriever
{
    private readonly RetrievalOptions _options;
    private readonly IImageEncoder? _imageEncoder;
    private readonly ITextEncoder? _textEncoder;
    private readonly IndexCache _indexes;

    /// <summary>Creates a retriever.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="imageEncoder">Encodes reference images; <see langword="null"/> where queries come by id or embedding.</param>
    /// <param name="textEncoder">Encodes texts; <see langword="null"/> where queries have none.</param>
    /// <param name="options">How to score; <see langword="null"/> for the defaults.</param>
    /// <exception cref="InvalidGalleryException">The gallery was indexed with another model.</exception>
    public ComposedImageRetriever(Gallery gallery, IImageEncoder? imageEncoder, ITextEncoder? textEncoder, RetrievalOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        gallery.ThrowIfOther(imageEncoder?.Info, textEncoder?.Info);
        Gallery = gallery;
        _imageEncoder = imageEncoder;
        _textEncoder = textEncoder;
        _options = options ?? new RetrievalOptions();
        _indexes = new IndexCache(_options.MaxIndexes);
    }

    /// <summary>The gallery that is searched.</summary>
    public Gallery Gallery { get; }

    /// <summary>Searches for one query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="k">How many images to find, at least 1; fewer are found where the gallery has fewer.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The images, best first; ties in gallery order.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    /// <exception cref="InvalidQueryException">The query is empty or contradicts itself, or needs an encoder or captions that are not there.</exception>
    /// <exception cref="UnknownItemException">An id is not in the gallery.</exception>
    /// <exception cref="Imaging.InvalidImageException">The reference image cannot be decoded.</exception>
    /// <exception cref="InvalidEmbeddingException">An embedding does not fit the gallery, or the query has no direction.</exception>
    public async Task<IReadOnlyList<RetrievalResult>> SearchAsync(ComposedQuery query, int k = 10, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return (await SearchAsync([query], k, cancellationToken).ConfigureAwait(false))[0];
    }

    /// <summary>Searches for many queries: images and texts are encoded together, each distinct one once.</summary>
    /// <param name="queries">The queries; may be empty.</param>
    /// <param name="k">How many images to find for each, at least 1; fewer are found where the gallery has fewer.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>For each query, the images, best first; ties in gallery order.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    /// <exception cref="InvalidQueryException">A query is empty or contradicts itself, or needs an encoder or captions that are not there.</exception>
    /// <exception cref="UnknownItemException">An id is not in the gallery.</exception>
    /// <exception cref="Imaging.InvalidImageException">A reference image cannot be decoded.</exception>
    /// <exception cref="InvalidEmbeddingException">An embedding does not fit the gallery, or a query has no direction.</exception>
    public async Task<IReadOnlyList<IReadOnlyList<RetrievalResult>>> SearchAsync(
        IReadOnlyList<ComposedQuery> queries, int k = 10, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        QueryEncoding encoding = await QueryEncoding.CreateAsync(
            queries, Gallery, _imageEncoder, _textEncoder, _options, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<RetrievalResult>[] results = new IReadOnlyList<RetrievalResult>[queries.Count];
        for (int i = 0; i < queries.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            results[i] = Search(queries[i], encoding, i, Math.Min(k, Math.Max(1, Gallery.Count)));
        }

        return results;
    }

    private RetrievalResult[] Search(ComposedQuery query, QueryEncoding encoding, int position, int k)
    {
        SearchScope scope = Gallery.Scope(Excluded(query), query.Allowed);
        double captionWeight = query.CaptionWeight ?? _options.CaptionWeight;
        float[] vector = encoding.Fuse(position, captionWeight);
        if (Gallery.Count == 0)
        {
            return [];
        }

        IVectorIndex index = _options.Scoring == Scoring.Reference
            ? _indexes.Get(double.NaN, () => StackedIndex(encoding.EmptyText))
            : _indexes.Get(captionWeight, () => Gallery.CreateIndex(captionWeight, encoding.EmptyText.Span, _options.Index));
        SearchHit[] hits = new SearchHit[k];
        int found = index.Search(vector, hits, scope);
        RetrievalResult[] results = new RetrievalResult[found];
        for (int i = 0; i < found; i++)
        {
            results[i] = new RetrievalResult(i + 1, hits[i].Score, Gallery.ItemAt(hits[i].Ordinal));
        }

        return results;
    }

    private ExactIndex StackedIndex(ReadOnlyMemory<float> emptyText)
        => new(Gallery.Stack(_options.CaptionsPerItem, emptyText.Span), _options.Index with { CheckRows = false });

    private int[] Excluded(ComposedQuery query)
    {
        HashSet<int> excluded = [.. query.ExcludedIds.Select(Gallery.OrdinalOf)];
        if (query.ExcludeReference)
        {
            excluded.Add(Gallery.OrdinalOf(query.ReferenceId
                ?? throw new InvalidQueryException("ExcludeReference was asked for a query without ReferenceId. Give the id, or list what to exclude in ExcludedIds.")));
        }

        return [.. excluded];
    }
}
