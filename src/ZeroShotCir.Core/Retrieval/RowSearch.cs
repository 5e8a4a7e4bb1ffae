using ZeroShotCir.Buffers;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Retrieval;

/// <summary>
/// Searches for queries whose scores are functions of rows of similarities: every vector of a batch is compared with a gallery row while
/// it is in the cache, then each query's function is applied, then its best items are taken.
/// </summary>
/// <remarks>What is as long as the gallery is rented, and the longest is kept for the next chunk: fresh memory of that size costs as much as the arithmetic on it.</remarks>
internal sealed class RowSearch(Gallery gallery, ItemSets sets) : IDisposable
{
    private const long ProductsAtOnce = 1L << 24;
    private RentedArray<float> _products;

    /// <inheritdoc/>
    public void Dispose() => _products.Dispose();

    public void Run(IReadOnlyList<LocalQuery> queries, IReadOnlyList<int> positions, LocalHits[] hits, CancellationToken cancellationToken)
    {
        foreach (var group in positions.GroupBy(position => queries[position].Space))
        {
            foreach (int[] chunk in Chunks(queries, [.. group]))
            {
                SearchTogether(queries, chunk, hits, group.Key, cancellationToken);
            }
        }
    }

    private void SearchTogether(IReadOnlyList<LocalQuery> queries, int[] chunk, LocalHits[] hits, SearchedSpace space, CancellationToken cancellationToken)
    {
        RowScores[] scores = new RowScores[chunk.Length];
        try
        {
            for (int i = 0; i < chunk.Length; i++)
            {
                scores[i] = new RowScores(queries[chunk[i]], sets);
            }

            Compare(space.Folded(0), scores, 0, (own, products) => own.SetImages(products), cancellationToken);
            MixCaptions(space, [.. scores.Where(own => own.Query.Vectors.Beta > 0)], cancellationToken);
            for (int i = 0; i < chunk.Length; i++)
            {
                hits[chunk[i]] = new LocalHits(scores[i].FindBest(), Statistics(queries[chunk[i]]));
            }
        }
        finally
        {
            Array.ForEach(scores, own => own?.Dispose());
        }
    }

    private IEnumerable<int[]> Chunks(IReadOnlyList<LocalQuery> queries, int[] positions)
    {
        int most = positions.Max(position => queries[position].Vectors.Paths[0].Vectors.Rows);
        return positions.Chunk((int)Math.Clamp(ProductsAtOnce / Math.Max(1, (long)most * gallery.OrdinalCount), 1, 256));
    }

    private void MixCaptions(SearchedSpace space, RowScores[] captioned, CancellationToken cancellationToken)
    {
        Array.ForEach(captioned, own => own.BeginCaptions());
        RowScores[] some = Array.FindAll(captioned, own => own.Query.Vectors.Scoring == Scoring.Paper);
        if (some.Length > 0)
        {
            Compare(space.Folded(1), some, 0, (own, products) => own.AddCaptions(0, products), cancellationToken);
        }

        for (int path = 1; (some = Array.FindAll(captioned, own => own.Query.Vectors.Paths.Count > path)).Length > 0; path++)
        {
            Compare(space.CaptionsAt(path - 1), some, path, (own, products) => own.AddCaptions(path, products), cancellationToken);
        }

        Array.ForEach(captioned, own => own.MixCaptions());
    }

    private void Compare(ExactIndex index, RowScores[] queries, int path, Action<RowScores, ReadOnlySpan<float>> take, CancellationToken cancellationToken)
    {
        QueryPath[] paths = Array.ConvertAll(queries, own => own.Query.Vectors.Paths[path]);
        EmbeddingMatrix all = Stack(paths, index.Dimensions);
        Memory<float> products = RoomFor(checked(all.Rows * index.Count));
        index.Multiply(all, products, cancellationToken);
        for (int i = 0; i < queries.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int length = paths[i].Vectors.Rows * index.Count;
            take(queries[i], products.Span[..length]);
            products = products[length..];
        }
    }

    private Memory<float> RoomFor(int products)
    {
        if (_products.Length < products)
        {
            _products.Dispose();
            _products = new RentedArray<float>(products);
        }

        return _products.Memory[..products];
    }

    private static EmbeddingMatrix Stack(QueryPath[] paths, int dimensions)
    {
        EmbeddingMatrix all = EmbeddingMatrix.Allocate(paths.Sum(path => path.Vectors.Rows), dimensions, out Memory<float> values);
        int at = 0;
        foreach (QueryPath path in paths)
        {
            EmbeddingGuard.ThrowIfDimensionsDiffer(path.Vectors.Dimensions, dimensions, "The query");
            path.Vectors.Memory.CopyTo(values[at..]);
            at += path.Vectors.Values.Length;
        }

        return all;
    }

    private GallerySearchStatistics Statistics(LocalQuery query)
    {
        int passes = query.Vectors.Beta > 0 ? 2 : 1;
        return new GallerySearchStatistics
        {
            Scanned = (long)query.Vectors.Paths[0].Vectors.Rows * gallery.OrdinalCount * (query.Vectors.Scoring == Scoring.Paper ? passes : query.Vectors.Paths.Count),
            Engine = ExactIndex.FloatsEngine,
        };
    }
}
