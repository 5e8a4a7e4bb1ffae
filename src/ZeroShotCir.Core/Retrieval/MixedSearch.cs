using ZeroShotCir.Buffers;
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

    public static void Run(
        IReadOnlyList<LocalQuery> queries, IReadOnlyList<int> positions, LocalHits[] hits, ItemSets sets, CancellationToken cancellationToken)
    {
        foreach (IGrouping<SearchedSpace, int> group in positions.GroupBy(position => queries[position].Space))
        {
            ExactIndex images = group.Key.Folded(0), captions = group.Key.Folded(1);
            int[] members = [.. group];
            int atOnce = (int)Math.Clamp(ProductsAtOnce / Math.Max(1, images.Count), 1, Math.Min(256, members.Length)), longest = checked(atOnce * images.Count);
            using RentedArray<float> room = new(longest), roomOfCaptions = new(longest);
            foreach (int[] chunk in members.Chunk(atOnce))
            {
                LocalQuery[] some = [.. chunk.Select(position => queries[position])];
                EmbeddingMatrix vectors = Stack(some, images.Dimensions);
                int length = some.Length * images.Count;
                images.Multiply(vectors, room.Memory[..length], cancellationToken);
                captions.Multiply(vectors, roomOfCaptions.Memory[..length], cancellationToken);
                for (int i = 0; i < some.Length; i++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Span<float> scores = room.Span.Slice(i * images.Count, images.Count);

                    // The captions' row of an item without captions is its image's, so that its score stays what it is, to the bit.
                    RowScoring.Mix((float)some[i].Vectors.Beta, scores, roomOfCaptions.Span.Slice(i * images.Count, images.Count));
                    hits[chunk[i]] = new LocalHits(
                        Best(some[i], scores, sets.Of(some[i])), new GallerySearchStatistics { Scanned = 2L * images.Count, Engine = ExactIndex.FloatsEngine });
                }
            }
        }
    }

    private static SearchHit[] Best(LocalQuery query, ReadOnlySpan<float> scores, ComparedItems items)
    {
        if (items.AreAll)
        {
            return query.BestOf(scores, items);
        }

        using RentedArray<float> own = new(items.Count);
        items.Gather(scores, own.Span);
        return query.BestOf(own.Span, items);
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
