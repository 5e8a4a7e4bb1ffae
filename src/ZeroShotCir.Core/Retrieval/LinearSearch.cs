using System.Numerics;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Retrieval;

/// <summary>
/// Searches for queries that are one vector each. Those that ask the same index about the same items are compared together; what single
/// queries leave out, want or demand is taken off a longer list afterwards, so order and bits are those of one search after the other.
/// </summary>
internal static class LinearSearch
{
    public static void Run(IReadOnlyList<LocalQuery> queries, IReadOnlyList<int> positions, LocalHits[] hits, CancellationToken cancellationToken)
    {
        foreach (var group in positions.GroupBy(position => Key(queries[position])))
        {
            cancellationToken.ThrowIfCancellationRequested();
            int[] members = [.. group];
            ExactIndex index = IndexOf(queries[members[0]]);
            int k = Math.Min(group.Key.Length, index.Count);
            SearchHit[] found = new SearchHit[members.Length * k];
            SearchStatistics statistics = Search(index, [.. members.Select(member => VectorOf(queries[member]))], k, found, queries[members[0]]);
            for (int i = 0; i < members.Length; i++)
            {
                hits[members[i]] = new LocalHits(
                    queries[members[i]].Finish(found.AsSpan(i * k, statistics.Found)),
                    new GallerySearchStatistics
                    {
                        Scanned = (queries[members[i]].Vectors.Strategy.LooksAtItems ? 2L : 1L) * index.Count,
                        Rescored = statistics.Rescored,
                        Engine = statistics.Kernel,
                    });
            }
        }
    }

    /// <summary>The vector whose inner products with the rows of its index are the scores.</summary>
    public static ReadOnlyMemory<float> VectorOf(LocalQuery query) => query.Vectors.IsOneVector
        ? query.Vectors.Vectors.Memory
        : Stacking.StackQuery(
            (LinearStrategy)query.Vectors.Strategy, query.Vectors.Beta, [.. query.Vectors.Paths.Select(path => path.Terms)], query.Space.HasImageOnlyItems);

    private static (SearchedSpace Space, int Captions, double Weight, GallerySelection? Selection, int Length) Key(LocalQuery query) => (
        query.Space,
        query.Vectors.Paths.Count - 1,
        query.Vectors.IsOneVector ? query.Vectors.Beta : 0,
        query.Selection,
        (int)Math.Min(int.MaxValue, BitOperations.RoundUpToPowerOf2((uint)query.Count + (uint)query.Excluded.Count)));

    private static ExactIndex IndexOf(LocalQuery query)
        => query.Vectors.IsOneVector ? query.Space.Folded(query.Vectors.Beta) : query.Space.Stacked(query.Vectors.Paths.Count - 1);

    private static SearchStatistics Search(ExactIndex index, ReadOnlyMemory<float>[] vectors, int k, SearchHit[] hits, LocalQuery first)
    {
        SearchScope scope = first.Space.Scope(first.Selection);
        if (vectors.Length == 1)
        {
            return index.Search(vectors[0].Span, hits, scope);
        }

        EmbeddingMatrix queries = EmbeddingMatrix.Allocate(vectors.Length, index.Dimensions, out Memory<float> values);
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i].CopyTo(values[(i * index.Dimensions)..]);
        }

        return index.SearchBatch(queries, k, hits, scope);
    }
}
