using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Retrieval;

/// <summary>
/// Searches for queries whose scores are functions of rows of similarities: every vector of a batch is compared with a gallery row while
/// it is in the cache, then each query's function is applied, then its best items are taken.
/// </summary>
internal sealed class RowSearch(Gallery gallery)
{
    private const long ProductsAtOnce = 1L << 24;
    private readonly Dictionary<GallerySelection, int[]> _selected = new(ReferenceEqualityComparer.Instance);
    private int[]? _present;

    public void Run(IReadOnlyList<LocalQuery> queries, IReadOnlyList<int> positions, LocalHits[] hits, CancellationToken cancellationToken)
    {
        foreach (var group in positions.GroupBy(position => queries[position].Space))
        {
            foreach (int[] chunk in Chunks(queries, [.. group]))
            {
                float[][] scores = Score(queries, chunk, group.Key, cancellationToken);
                for (int i = 0; i < chunk.Length; i++)
                {
                    LocalQuery query = queries[chunk[i]];
                    float[] own = scores[i];
                    IEnumerable<int> candidates = Searched(query).Where(ordinal => !query.Excluded.Contains(ordinal) && (query.MinScore is not { } least || own[ordinal] >= least));
                    hits[chunk[i]] = new LocalHits(BestHits.Select(own, candidates, query.Count), Statistics(query));
                }
            }
        }
    }

    private IEnumerable<int[]> Chunks(IReadOnlyList<LocalQuery> queries, int[] positions)
    {
        int most = positions.Max(position => queries[position].Vectors.Paths[0].Vectors.Rows);
        return positions.Chunk((int)Math.Clamp(ProductsAtOnce / Math.Max(1, (long)most * gallery.OrdinalCount), 1, 256));
    }

    private float[][] Score(IReadOnlyList<LocalQuery> queries, int[] chunk, SearchedSpace space, CancellationToken cancellationToken)
    {
        float[][] images = Compare(space.Folded(0), [.. chunk.Select(position => queries[position])], 0, Searched, cancellationToken)!;
        LocalQuery[] captioned = [.. chunk.Select(position => queries[position]).Where(query => query.Vectors.Beta > 0)];
        if (captioned.Length == 0)
        {
            return images;
        }

        CaptionScores captions = new(gallery.OrdinalCount, captioned);
        Add(space, captioned.Where(query => query.Vectors.Scoring == Scoring.Paper), 0, captions, cancellationToken);
        for (int path = 1; path < captioned.Max(query => query.Vectors.Paths.Count); path++)
        {
            Add(space, captioned.Where(query => query.Vectors.Paths.Count > path), path, captions, cancellationToken);
        }

        for (int i = 0; i < chunk.Length; i++)
        {
            if (queries[chunk[i]].Vectors.Beta > 0)
            {
                captions.Mix(queries[chunk[i]], images[i]);
            }
        }

        return images;
    }

    // Items without captions of their own take no part, in statistics neither.
    private void Add(SearchedSpace space, IEnumerable<LocalQuery> queries, int path, CaptionScores captions, CancellationToken cancellationToken)
    {
        LocalQuery[] some = [.. queries];
        if (some.Length == 0)
        {
            return;
        }

        int Counting(LocalQuery query, int ordinal) => path == 0 ? space.CaptionsOf(ordinal, 1) : space.CaptionsOf(ordinal, query.Vectors.Paths.Count - 1);
        int[] WithCaption(LocalQuery query) => [.. Searched(query).Where(ordinal => Counting(query, ordinal) >= Math.Max(1, path))];
        float[][] scores = Compare(path == 0 ? space.Folded(1) : space.CaptionsAt(path - 1), some, path, WithCaption, cancellationToken);
        for (int i = 0; i < some.Length; i++)
        {
            foreach (int ordinal in WithCaption(some[i]))
            {
                captions.Add(some[i], ordinal, scores[i][ordinal], Counting(some[i], ordinal));
            }
        }
    }

    private static float[][] Compare(ExactIndex index, LocalQuery[] queries, int path, Func<LocalQuery, int[]> searched, CancellationToken cancellationToken)
    {
        QueryPath[] paths = [.. queries.Select(query => query.Vectors.Paths[path])];
        EmbeddingMatrix all = Stack(paths, index.Dimensions);
        float[] products = new float[(long)all.Rows * index.Count];
        index.Multiply(all, products, cancellationToken);
        float[][] scores = new float[queries.Length][];
        for (int i = 0, first = 0; i < queries.Length; first += paths[i].Vectors.Rows, i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int[] items = searched(queries[i]);
            float[] own = RowScoring.Apply(
                paths[i], (RowStrategy)queries[i].Vectors.Strategy, products.AsSpan(first * index.Count, paths[i].Vectors.Rows * index.Count), items);
            scores[i] = new float[index.Count];
            for (int item = 0; item < items.Length; item++)
            {
                scores[i][items[item]] = own[item];
            }
        }

        return scores;
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

    private int[] Searched(LocalQuery query)
    {
        if (query.Selection is not { } selection)
        {
            return _present ??= [.. Enumerable.Range(0, gallery.OrdinalCount).Where(ordinal => !gallery.IsRemoved(ordinal))];
        }

        if (!_selected.TryGetValue(selection, out int[]? ordinals))
        {
            ordinals = [.. Enumerable.Range(0, gallery.OrdinalCount).Where(selection.Contains)];
            _selected.Add(selection, ordinals);
        }

        return ordinals;
    }

    /// <summary>The similarities to captions, averaged over as many as an item has.</summary>
    private sealed class CaptionScores(int items, LocalQuery[] queries)
    {
        private readonly Dictionary<LocalQuery, float[]> _sums = queries.ToDictionary(query => query, _ => new float[items]);
        private readonly Dictionary<LocalQuery, int[]> _counts = queries.ToDictionary(query => query, _ => new int[items]);

        public void Add(LocalQuery query, int ordinal, float score, int count)
        {
            _sums[query][ordinal] += score;
            _counts[query][ordinal] = count;
        }

        public void Mix(LocalQuery query, float[] scores)
        {
            float[] sums = _sums[query];
            int[] counts = _counts[query];
            float weight = (float)query.Vectors.Beta;
            for (int i = 0; i < scores.Length; i++)
            {
                if (counts[i] > 0)
                {
                    scores[i] = RowScoring.Mix(weight, scores[i], sums[i] / counts[i]);
                }
            }
        }
    }
}
