using System.Buffers;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Retrieval;

/// <summary>
/// Searches for queries whose scores are functions of rows of similarities: every vector of a batch is compared with a gallery row while
/// it is in the cache, then each query's function is applied, then its best items are taken.
/// </summary>
/// <remarks>What is as long as the gallery is rented: fresh memory of that size costs as much as the arithmetic on it.</remarks>
internal sealed class RowSearch(Gallery gallery)
{
    private const long ProductsAtOnce = 1L << 24;
    private readonly Dictionary<GallerySelection, ComparedItems> _selected = new(ReferenceEqualityComparer.Instance);
    private ComparedItems? _all;

    public void Run(IReadOnlyList<LocalQuery> queries, IReadOnlyList<int> positions, LocalHits[] hits, CancellationToken cancellationToken)
    {
        foreach (var group in positions.GroupBy(position => queries[position].Space))
        {
            foreach (int[] chunk in Chunks(queries, [.. group]))
            {
                RowScores[] scores = [.. chunk.Select(position => new RowScores(queries[position], ItemsOf(queries[position])))];
                Compare(group.Key.Folded(0), scores, 0, (own, products) => own.SetImages(products), cancellationToken);
                MixCaptions(group.Key, [.. scores.Where(own => own.Query.Vectors.Beta > 0)], cancellationToken);
                for (int i = 0; i < chunk.Length; i++)
                {
                    hits[chunk[i]] = new LocalHits(scores[i].TakeBest(), Statistics(queries[chunk[i]]));
                }
            }
        }
    }

    private IEnumerable<int[]> Chunks(IReadOnlyList<LocalQuery> queries, int[] positions)
    {
        int most = positions.Max(position => queries[position].Vectors.Paths[0].Vectors.Rows);
        return positions.Chunk((int)Math.Clamp(ProductsAtOnce / Math.Max(1, (long)most * gallery.OrdinalCount), 1, 256));
    }

    private static void MixCaptions(SearchedSpace space, RowScores[] captioned, CancellationToken cancellationToken)
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

    private static void Compare(ExactIndex index, RowScores[] queries, int path, Action<RowScores, ReadOnlySpan<float>> take, CancellationToken cancellationToken)
    {
        QueryPath[] paths = Array.ConvertAll(queries, own => own.Query.Vectors.Paths[path]);
        EmbeddingMatrix all = Stack(paths, index.Dimensions);
        float[] room = ArrayPool<float>.Shared.Rent(checked(all.Rows * index.Count));
        Memory<float> products = room.AsMemory(0, all.Rows * index.Count);
        index.Multiply(all, products, cancellationToken);
        for (int i = 0; i < queries.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int length = paths[i].Vectors.Rows * index.Count;
            take(queries[i], products.Span[..length]);
            products = products[length..];
        }

        ArrayPool<float>.Shared.Return(room);
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

    private ComparedItems ItemsOf(LocalQuery query)
    {
        if (query.Selection is not { } selection)
        {
            return _all ??= query.ItemsIn(gallery.OrdinalCount);
        }

        if (!_selected.TryGetValue(selection, out ComparedItems? items))
        {
            items = query.ItemsIn(gallery.OrdinalCount);
            _selected.Add(selection, items);
        }

        return items;
    }
}
