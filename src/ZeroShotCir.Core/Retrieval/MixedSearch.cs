using System.Buffers;
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
                int length = checked(some.Length * images.Count);
                float[] room = ArrayPool<float>.Shared.Rent(length), roomOfCaptions = ArrayPool<float>.Shared.Rent(length);
                images.Multiply(vectors, room.AsMemory(0, length), cancellationToken);
                captions.Multiply(vectors, roomOfCaptions.AsMemory(0, length), cancellationToken);
                for (int i = 0; i < some.Length; i++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Span<float> scores = room.AsSpan(i * images.Count, images.Count);

                    // The captions' row of an item without captions is its image's, so that its score stays what it is, to the bit.
                    RowScoring.Mix((float)some[i].Vectors.Beta, scores, roomOfCaptions.AsSpan(i * images.Count, images.Count));
                    hits[chunk[i]] = new LocalHits(
                        Best(some[i], scores), new GallerySearchStatistics { Scanned = 2L * images.Count, Engine = ExactIndex.FloatsEngine });
                }

                ArrayPool<float>.Shared.Return(room);
                ArrayPool<float>.Shared.Return(roomOfCaptions);
            }
        }
    }

    private static SearchHit[] Best(LocalQuery query, ReadOnlySpan<float> scores)
    {
        ComparedItems items = query.ItemsIn(scores.Length);
        if (items.AreAll)
        {
            return query.BestOf(scores, items);
        }

        float[] own = new float[items.Count];
        items.Gather(scores, own);
        return query.BestOf(own, items);
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
