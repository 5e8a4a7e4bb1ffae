using System.Numerics.Tensors;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Retrieval;

/// <summary>Searches a gallery that is in a store, an engine that ranks folded vectors by their inner product.</summary>
/// <remarks>
/// <para>
/// A linear strategy with the caption weight that the store is folded for is one search of the store. Where the store is not exact, more
/// is asked for and scored again from the rows.
/// </para>
/// <para>
/// Anything else is scored here: the candidates of each vector, and of their sum, more than are wanted, then exact scores from the parts
/// of the rows that came back. Strategies that compare a similarity with those of all items take mean and deviation from the moments that
/// the store's description holds, whatever the filter. Such a result says that it is approximate and how deep it looked, unless every
/// item that may be found came back.
/// </para>
/// <para>Thread-safe.</para>
/// </remarks>
public sealed class StoreGallerySearch : IGallerySearch
{
    private readonly IGalleryStore _store;
    private readonly StoreSearchOptions _options;

    /// <summary>Creates a search.</summary>
    /// <param name="store">The store.</param>
    /// <param name="options">How to search; <see langword="null"/> for the defaults.</param>
    public StoreGallerySearch(IGalleryStore store, StoreSearchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _options = options?.Copy() ?? new StoreSearchOptions();
    }

    /// <inheritdoc/>
    public async ValueTask<GallerySearchInfo> GetInfoAsync(CancellationToken cancellationToken = default)
    {
        StoreDescription description = await DescribeAsync(cancellationToken).ConfigureAwait(false);
        return new GallerySearchInfo(description.Dimensions, await _store.CountAsync(cancellationToken).ConfigureAwait(false))
        {
            Model = description.Model,
            Beta = description.Beta,
            MissingCaptions = description.MissingCaptions,
        };
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<GallerySearchResult>> SearchAsync(IReadOnlyList<GallerySearchRequest> requests, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        StoreDescription description = await DescribeAsync(cancellationToken).ConfigureAwait(false);
        Array.ForEach([.. requests], request => Check(request, description));
        GallerySearchResult[] results = new GallerySearchResult[requests.Count];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = _options.MaxConcurrency, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, results.Length, parallel, async (i, token) =>
            results[i] = IsFolded(requests[i].Query, description)
                ? await SearchFoldedAsync(requests[i], token).ConfigureAwait(false)
                : await SearchCandidatesAsync(requests[i], description, token).ConfigureAwait(false)).ConfigureAwait(false);
        return results;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoreRow>> GetRowsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        IReadOnlyList<StoreRow?> rows = await _store.GetAsync(ids, cancellationToken).ConfigureAwait(false);
        return [.. rows.Select((row, i) => row ?? throw new UnknownItemException(ids[i], $"The store '{_store.Name}' has no such row."))];
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this
            : serviceKey is null && serviceType.IsInstanceOfType(_store) ? _store
            : _store.GetService(serviceType, serviceKey);
    }

    private static bool IsFolded(QueryVectors query, StoreDescription description) => query.IsOneVector && query.Beta == description.Beta;

    private static void Check(GallerySearchRequest request, StoreDescription description)
    {
        ArgumentNullException.ThrowIfNull(request);
        QueryVectors query = request.Query;
        EmbeddingGuard.ThrowIfDimensionsDiffer(query.Dimensions, description.Dimensions, "The query");
        if (request.Selection is not null)
        {
            throw new ArgumentException("A selection belongs to a gallery in this process, and a store cannot apply it. Say it as a filter of fields.", nameof(request));
        }

        if (query.Scoring != Scoring.Paper || query.Strategy.Space != CompositionSpace.Embedding)
        {
            throw new InvalidQueryException(
                "The store holds folded rows in the encoders' space; "
                + $"the strategy '{query.Strategy.Name}' with the scoring {query.Scoring} compares others. Choose another, or search the gallery itself.");
        }

        if (!IsFolded(query, description) && !description.KeepsParts)
        {
            throw new InvalidQueryException(
                $"The store holds rows folded for the caption weight {description.Beta} and not their parts: "
                + $"it cannot score the strategy '{query.Strategy.Name}' with the caption weight {query.Beta}. "
                + $"Search with a linear strategy and {description.Beta}, fold the store again, or store the parts.");
        }
    }

    private async ValueTask<StoreDescription> DescribeAsync(CancellationToken cancellationToken)
        => await _store.GetDescriptionAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidGalleryException($"The store '{_store.Name}' holds no gallery yet. Push one to it first.");

    private async ValueTask<GallerySearchResult> SearchFoldedAsync(GallerySearchRequest request, CancellationToken cancellationToken)
    {
        QueryVectors query = request.Query;
        int wanted = Wanted(request);
        bool rescores = !_store.IsExact;
        int depth = rescores ? Depth(wanted) : wanted;
        StoreAnswer answer = await _store.FindAsync(query.Vectors.Memory, depth, request.Filter, rescores || request.IncludeRows, cancellationToken).ConfigureAwait(false);
        IEnumerable<GalleryHit> hits = answer.Hits.Select(hit => new GalleryHit(hit.Item, hit.Score, hit.Row));
        if (rescores)
        {
            StoreRow[] rows = [.. answer.Hits.Select(RowOf)];
            hits = Hits(rows, RowScoring.Score(query.Vectors, [.. rows.Select(row => row.Vector)]));
        }

        return Result(request, hits, answer.Missing, rescores && answer.Hits.Count >= depth ? depth : null, rescores ? answer.Hits.Count : null);
    }

    private async ValueTask<GallerySearchResult> SearchCandidatesAsync(GallerySearchRequest request, StoreDescription description, CancellationToken cancellationToken)
    {
        QueryVectors query = request.Query;
        int depth = Depth(Wanted(request));
        StoreAnswer[] answers = await Task.WhenAll(Probes(query).Select(
            probe => _store.FindAsync(probe, depth, request.Filter, includeVectors: true, cancellationToken).AsTask())).ConfigureAwait(false);
        IEnumerable<StoreRow> found = answers.SelectMany(answer => answer.Hits).Select(RowOf);
        StoreRow[] rows = [.. found.DistinctBy(row => row.Id, StringComparer.Ordinal).OrderBy(row => row.Id, StringComparer.Ordinal)];
        string[] missing = [.. answers.SelectMany(answer => answer.Missing).Distinct(StringComparer.Ordinal)];

        // A list that is shorter than was asked for holds everything that may be found.
        bool isAll = missing.Length == 0 && answers.Any(answer => answer.Hits.Count < depth);
        try
        {
            IReadOnlyList<float> scores = isAll
                ? query.Score(rows)
                : RowScoring.Score(query, rows, Moments(description.Images, description), Moments(description.Captions, description));
            return Result(request, Hits(rows, scores), missing, isAll ? null : depth, rows.Length);
        }
        catch (InvalidTermsException e)
        {
            throw new InvalidQueryException($"The store '{_store.Name}' cannot answer '{query.Strategy.Name}': {e.Message}");
        }
    }

    // Moments of no rows stand for unknown ones: whoever reads them is told.
    private static RowMoments Moments(RowMoments? moments, StoreDescription description) => moments ?? new RowMoments(description.Dimensions);

    // An item that is good in all respects need not be among the best in one of them; it is near the sum.
    private static IEnumerable<ReadOnlyMemory<float>> Probes(QueryVectors query)
    {
        QueryPath path = query.Paths[0];
        int[] present = [.. Enumerable.Range(0, path.Vectors.Rows).Where(path.Has)];
        foreach (int vector in present)
        {
            yield return path.Vectors.Memory.Slice(vector * query.Dimensions, query.Dimensions);
        }

        if (present.Length > 1)
        {
            float[] sum = new float[query.Dimensions];
            foreach (int vector in present.Where(vector => query.Strategy.DerivesVectors || query.Strategy.Roles[vector] != TermRole.MustNot))
            {
                TensorPrimitives.Add(sum, path.Vectors[vector], sum);
            }

            yield return sum;
        }
    }

    private StoreRow RowOf(StoreHit hit) => hit.Row
        ?? throw new InvalidGalleryException($"The store '{_store.Name}' gave no vectors of '{hit.Item.Id}', though they were asked for. Push its gallery again.");

    private static int Wanted(GallerySearchRequest request) => (int)Math.Min(int.MaxValue, (long)request.Count + request.ExcludedIds.Count);

    private int Depth(int wanted) => (int)Math.Min(int.MaxValue, Math.Max(_options.MinCandidates, (long)wanted * _options.OverFetch));

    private static IEnumerable<GalleryHit> Hits(StoreRow[] rows, IReadOnlyList<float> scores) => rows.Select((row, i) => new GalleryHit(row.Item, scores[i], row));

    private GallerySearchResult Result(GallerySearchRequest request, IEnumerable<GalleryHit> hits, IReadOnlyList<string> missing, int? depth, int? rescored)
    {
        HashSet<string> excluded = new(request.ExcludedIds, StringComparer.Ordinal);
        GalleryHit[] best =
        [
            .. hits.Where(hit => !excluded.Contains(hit.Id) && (request.MinScore is not { } least || hit.Score >= least))
                .OrderByDescending(hit => hit.Score)
                .ThenBy(hit => hit.Id, StringComparer.Ordinal)
                .Take(request.Count)
                .Select(hit => request.IncludeRows ? hit : new GalleryHit(hit.Item, hit.Score)),
        ];
        return new GallerySearchResult(best, new GallerySearchStatistics
        {
            IsApproximate = depth is not null || missing.Count > 0,
            Depth = depth,
            Rescored = rescored,
            Engine = _store.Name,
            Missing = missing,
        });
    }
}
