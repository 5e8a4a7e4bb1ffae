using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Retrieval;

/// <summary>Searches a gallery in this process, exactly: every result is that of scoring all items and sorting.</summary>
/// <remarks>
/// <para>Thread-safe.</para>
/// <para>
/// The index for a caption weight is made by the first query that needs it and kept: at once from the rows that the gallery stores,
/// otherwise by folding the gallery in memory. With <see cref="Scoring.PublishedCode"/> the first query stacks it: 1+J times its size.
/// A strategy that lives in a space of its own, such as <c>centred</c>, keeps the gallery's rows in that space: once its size.
/// </para>
/// </remarks>
public sealed class ExactGallerySearch : IGallerySearch
{
    private readonly ExactIndexOptions _options;
    private readonly ReadOnlyMemory<float> _emptyText;
    private readonly IndexCache _indexes;
    private readonly Dictionary<CompositionSpace, SearchedSpace> _spaces = [];

    /// <summary>Creates a search.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="emptyText">The embedding of the empty text, to stand in where an item has no captions; empty where such items score by their image alone.</param>
    /// <param name="maxIndexes">How many indexes for other caption weights are kept, at least 1; the one used longest ago goes first.</param>
    /// <param name="options">How indexes search; <see langword="null"/> for the defaults. No setting changes what is found.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxIndexes"/> is less than 1.</exception>
    /// <exception cref="InvalidEmbeddingException"><paramref name="emptyText"/> has another dimension, is not finite or is zero.</exception>
    public ExactGallerySearch(Gallery gallery, ReadOnlyMemory<float> emptyText = default, int maxIndexes = 4, ExactIndexOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxIndexes, 1);
        _ = gallery.UnitEmptyText(emptyText.Span);
        Gallery = gallery;
        _emptyText = emptyText;
        _options = options?.Copy() ?? new ExactIndexOptions();
        _indexes = new IndexCache(maxIndexes);
    }

    /// <summary>The gallery.</summary>
    public Gallery Gallery { get; }

    internal ReadOnlyMemory<float> EmptyText => _emptyText;

    /// <summary>The one caption weight that the gallery is folded for; <see langword="null"/> to fold it for each that is asked for.</summary>
    internal double? OnlyFolded { get; init; }

    /// <inheritdoc/>
    public ValueTask<GallerySearchInfo> GetInfoAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(new GallerySearchInfo(Gallery.Dimensions, Gallery.Count)
    {
        Model = Gallery.Model,
        MissingCaptions = _emptyText.IsEmpty ? MissingCaptions.ImageOnly : MissingCaptions.EmptyText,
    });

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<GallerySearchResult>> SearchAsync(IReadOnlyList<GallerySearchRequest> requests, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(requests);

        // A scan is long work, and an index may have to be made first: it leaves the caller's thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return Search(requests, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoreRow>> GetRowsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return [.. ids.Select(id => Gallery.StoreRowAt(Gallery.OrdinalOf(id), 0, _emptyText.Span))];
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(Gallery) ? Gallery
            : null;
    }

    /// <summary>Searches on the caller's thread.</summary>
    internal IReadOnlyList<GallerySearchResult> Search(IReadOnlyList<GallerySearchRequest> requests, CancellationToken cancellationToken)
    {
        try
        {
            return Find(requests, cancellationToken);
        }
        catch (InvalidTermsException e)
        {
            throw new InvalidQueryException(e.Message);
        }
    }

    /// <summary>A composed query that has looked at the items it will be compared with, where its strategy does that.</summary>
    internal QueryVectors Look(QueryVectors query, GallerySelection? selection)
        => query.SearchedIn(new GalleryItems(Gallery, Gallery.Scope(default, selection), () => SpaceOf(CompositionSpace.Embedding).Folded(0)));

    private IReadOnlyList<GallerySearchResult> Find(IReadOnlyList<GallerySearchRequest> requests, CancellationToken cancellationToken)
    {
        Selections selections = new(Gallery);
        LocalQuery[] queries = [.. requests.Select(request => Localize(request, selections))];
        LocalHits[] hits = new LocalHits[queries.Length];
        if (Gallery.Count == 0)
        {
            // Queries are checked even where there is nothing to find.
            _ = queries.Where(query => query.Vectors.Strategy is LinearStrategy).Select(LinearSearch.VectorOf).ToArray();
            Array.Fill(hits, new LocalHits([], new GallerySearchStatistics { Scanned = 0 }));
        }
        else
        {
            ILookup<bool, int> kinds = Enumerable.Range(0, queries.Length).ToLookup(position => queries[position].Vectors.Strategy is LinearStrategy);
            ILookup<bool, int> linear = kinds[true].ToLookup(position => IsMixed(queries[position].Vectors));
            LinearSearch.Run(queries, [.. linear[false]], hits, cancellationToken);
            ItemSets sets = new(Gallery.OrdinalCount);
            MixedSearch.Run(queries, [.. linear[true]], hits, sets, cancellationToken);
            using RowSearch rows = new(Gallery, sets);
            rows.Run(queries, [.. kinds[false]], hits, cancellationToken);
        }

        return [.. requests.Select((request, position) => Result(request, hits[position]))];
    }

    /// <summary>The gallery's rows in the space of a strategy.</summary>
    internal SearchedSpace SpaceOf(CompositionSpace space)
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

    // Weights whose rows are there anyway, stored or folded once, are searched by one scan.
    private bool IsMixed(QueryVectors query) => query.IsOneVector && OnlyFolded is { } folded && query.Beta != folded
        && query.Beta is not 0 and not 1 && query.Beta != Gallery.StoredBeta && (Gallery.CaptionCount > 0 || !_emptyText.IsEmpty);

    private LocalQuery Localize(GallerySearchRequest request, Selections selections)
    {
        ArgumentNullException.ThrowIfNull(request);
        EmbeddingGuard.ThrowIfDimensionsDiffer(request.Query.Dimensions, Gallery.Dimensions, "The query");
        SearchedSpace space = SpaceOf(request.Query.Strategy.Space);
        _ = space.Scope(request.Selection);
        GallerySelection? selection = selections.Of(request);
        return new LocalQuery
        {
            Vectors = Look(request.Query, selection),
            Space = space,
            Count = Math.Min(request.Count, Math.Max(1, Gallery.Count)),
            Selection = selection,
            Excluded = [.. request.ExcludedIds.Select(Gallery.OrdinalOf)],
            MinScore = request.MinScore,
        };
    }

    private GallerySearchResult Result(GallerySearchRequest request, LocalHits found) => new(
        [.. found.Hits.Select(hit => new GalleryHit(
            Gallery.ItemAt(hit.Ordinal),
            hit.Score,
            request.IncludeRows ? Gallery.StoreRowAt(hit.Ordinal, request.Query.Beta, _emptyText.Span) : null))],
        found.Statistics);
}
