using ZeroShotCir.Embeddings;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Retrieval;

/// <summary>
/// Searches for queries that are one vector each and whose caption weight no index was folded for: images and captions' means are compared
/// apart, and the weight mixes the two scores. Any weight costs two scans, and no copy of the gallery.
/// </summary>
internal static class MixedSearch
{
    private const long ProductsAtOnce = 1L << 24;

    public static void Run(IReadOnlyList<LocalQuery> queries, IReadOnlyList<int> positions, LocalHits[] hits, CancellationToken cancellationToken)
    {
        foreach (IGrouping<SearchedSpace, int> group in positions.GroupBy(position => queries[position].Space))
        {
            ExactIndex images = group.Key.Folded(0), captions = group.Key.Folded(1);
            foreach (int[] chunk in group.Chunk((int)Math.Clamp(ProductsAtOnce / Math.Max(1, images.Count), 1, 256)))
            {
                LocalQuery[] some = [.. chunk.Select(position => queries[position])];
                EmbeddingMatrix vectors = Stack(some, images.Dimensions);
                float[] scores = Compare(images, vectors, cancellationToken), ofCaptions = Compare(captions, vectors, cancellationToken);
                for (int i = 0; i < some.Length; i++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Span<float> own = scores.AsSpan(i * images.Count, images.Count);
                    Mix((float)some[i].Vectors.Beta, own, ofCaptions.AsSpan(i * images.Count, images.Count));
                    hits[chunk[i]] = new LocalHits(
                        BestHits.Select(own, Candidates(some[i], scores, i * images.Count, images.Count), some[i].Count),
                        new GallerySearchStatistics { Scanned = 2L * images.Count, Engine = ExactIndex.FloatsEngine });
                }
            }
        }
    }

    private static float[] Compare(ExactIndex index, EmbeddingMatrix vectors, CancellationToken cancellationToken)
    {
        float[] scores = new float[(long)vectors.Rows * index.Count];
        index.Multiply(vectors, scores, cancellationToken);
        return scores;
    }

    // The captions' row of an item without captions is its image's, so that its score stays what it is, to the bit.
    private static void Mix(float weight, Span<float> scores, ReadOnlySpan<float> captions)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = RowScoring.Mix(weight, scores[i], captions[i]);
        }
    }

    private static IEnumerable<int> Candidates(LocalQuery query, float[] scores, int first, int count)
    {
        ReadOnlyMemory<ulong> allowed = query.Space.Scope(query.Selection).Allowed;
        double least = query.MinScore ?? double.NegativeInfinity;
        for (int ordinal = 0; ordinal < count; ordinal++)
        {
            if ((allowed.IsEmpty || ((allowed.Span[ordinal >> 6] >> (ordinal & 63)) & 1) != 0) && scores[first + ordinal] >= least && !query.Excluded.Contains(ordinal))
            {
                yield return ordinal;
            }
        }
    }

    private static EmbeddingMatrix Stack(LocalQuery[] queries, int dimensions)
    {
        EmbeddingMatrix all = EmbeddingMatrix.Allocate(queries.Length, dimensions, out Memory<float> values);
        for (int i = 0; i < queries.Length; i++)
        {
            LinearSearch.VectorOf(queries[i]).CopyTo(values[(i * dimensions)..]);
        }

        return all;
    }
}
