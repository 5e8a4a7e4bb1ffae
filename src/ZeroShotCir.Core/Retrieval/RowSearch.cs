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

    public void Run(IReadOnlyList<PreparedQuery> queries, IReadOnlyList<int> positions, SearchHit[][] hits, CancellationToken cancellationToken)
    {
        foreach (var group in positions.GroupBy(position => queries[position].Space))
        {
            foreach (int[] chunk in Chunks(queries, [.. group]))
            {
                float[][] scores = Score(queries, chunk, group.Key, cancellationToken);
                for (int i = 0; i < chunk.Length; i++)
                {
                    PreparedQuery query = queries[chunk[i]];
                    float[] own = scores[i];
                    IEnumerable<int> candidates = Searched(query).Where(ordinal => !query.Excluded.Contains(ordinal) && (query.MinScore is not { } least || own[ordinal] >= least));
                    hits[chunk[i]] = BestHits.Of(own, candidates, query.Count);
                }
            }
        }
    }

    private IEnumerable<int[]> Chunks(IReadOnlyList<PreparedQuery> queries, int[] positions)
    {
        int most = positions.Max(position => queries[position].Strategy.VectorCount);
        return positions.Chunk((int)Math.Clamp(ProductsAtOnce / Math.Max(1, (long)most * gallery.OrdinalCount), 1, 256));
    }

    private float[][] Score(IReadOnlyList<PreparedQuery> queries, int[] chunk, SearchedSpace space, CancellationToken cancellationToken)
    {
        float[][] images = Compare(space.Folded(0), [.. chunk.Select(position => queries[position])], 0, Searched, cancellationToken)!;
        PreparedQuery[] captioned = [.. chunk.Select(position => queries[position]).Where(query => query.CaptionWeight > 0)];
        if (captioned.Length == 0)
        {
            return images;
        }

        CaptionScores captions = new(gallery.OrdinalCount, captioned);
        Add(space, captioned.Where(query => !query.ComparesCaptionsOneByOne), 0, captions, cancellationToken);
        for (int path = 1; path < captioned.Max(query => query.Paths.Count); path++)
        {
            Add(space, captioned.Where(query => query.Paths.Count > path), path, captions, cancellationToken);
        }

        for (int i = 0; i < chunk.Length; i++)
        {
            if (queries[chunk[i]].CaptionWeight > 0)
            {
                captions.Mix(queries[chunk[i]], images[i]);
            }
        }

        return images;
    }

    // Items without captions of their own take no part, in statistics neither.
    private void Add(SearchedSpace space, IEnumerable<PreparedQuery> queries, int path, CaptionScores captions, CancellationToken cancellationToken)
    {
        PreparedQuery[] some = [.. queries];
        if (some.Length == 0)
        {
            return;
        }

        int Counting(PreparedQuery query, int ordinal) => path == 0 ? space.CaptionsOf(ordinal, 1) : space.CaptionsOf(ordinal, query.Paths.Count - 1);
        int[] WithCaption(PreparedQuery query) => [.. Searched(query).Where(ordinal => Counting(query, ordinal) >= Math.Max(1, path))];
        float[][] scores = Compare(path == 0 ? space.Folded(1) : space.CaptionsAt(path - 1), some, path, WithCaption, cancellationToken);
        for (int i = 0; i < some.Length; i++)
        {
            foreach (int ordinal in WithCaption(some[i]))
            {
                captions.Add(some[i], ordinal, scores[i][ordinal], Counting(some[i], ordinal));
            }
        }
    }

    private static float[][] Compare(ExactIndex index, PreparedQuery[] queries, int path, Func<PreparedQuery, int[]> searched, CancellationToken cancellationToken)
    {
        EmbeddingMatrix[] vectors = [.. queries.Select(query => query.Strategy.Vectors(query.Paths[path]))];
        EmbeddingMatrix all = EmbeddingMatrix.FromRows([.. vectors.SelectMany(matrix => Enumerable.Range(0, matrix.Rows).Select(row => matrix[row].ToArray()))]);
        float[] products = new float[(long)all.Rows * index.Count];
        index.Score(all, products, cancellationToken);
        float[][] scores = new float[queries.Length][];
        for (int i = 0, first = 0; i < queries.Length; first += vectors[i].Rows, i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            scores[i] = Apply(queries[i], path, products.AsSpan(first * index.Count, vectors[i].Rows * index.Count), index.Count, searched(queries[i]));
        }

        return scores;
    }

    private static float[] Apply(PreparedQuery query, int path, ReadOnlySpan<float> products, int items, int[] searched)
    {
        RowStrategy strategy = (RowStrategy)query.Strategy;
        TermSet terms = query.Paths[path];
        TermGeometry geometry = terms.Measure();
        strategy.Check(geometry);
        int vectors = strategy.VectorCount;
        float[] gathered = new float[vectors * searched.Length];
        int[] offsets = new int[vectors];
        for (int vector = 0; vector < vectors; vector++)
        {
            offsets[vector] = strategy.DerivedVectors > 0 || terms.Has(strategy.Roles[vector]) ? vector * searched.Length : -1;
            for (int i = 0; i < searched.Length; i++)
            {
                gathered[(vector * searched.Length) + i] = products[(vector * items) + searched[i]];
            }
        }

        float[] own = new float[searched.Length];
        strategy.Score(new SimilarityRows(gathered, offsets, searched.Length), geometry, own);
        float[] scores = new float[items];
        for (int i = 0; i < searched.Length; i++)
        {
            scores[searched[i]] = own[i];
        }

        return scores;
    }

    private int[] Searched(PreparedQuery query)
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
    private sealed class CaptionScores(int items, PreparedQuery[] queries)
    {
        private readonly Dictionary<PreparedQuery, float[]> _sums = queries.ToDictionary(query => query, _ => new float[items]);
        private readonly Dictionary<PreparedQuery, int[]> _counts = queries.ToDictionary(query => query, _ => new int[items]);

        public void Add(PreparedQuery query, int ordinal, float score, int count)
        {
            _sums[query][ordinal] += score;
            _counts[query][ordinal] = count;
        }

        public void Mix(PreparedQuery query, float[] scores)
        {
            float[] sums = _sums[query];
            int[] counts = _counts[query];
            float weight = (float)query.CaptionWeight;
            for (int i = 0; i < scores.Length; i++)
            {
                if (counts[i] > 0)
                {
                    float captions = sums[i] / counts[i];
                    scores[i] = weight == 1 ? captions : MathF.FusedMultiplyAdd(weight, captions - scores[i], scores[i]);
                }
            }
        }
    }
}
