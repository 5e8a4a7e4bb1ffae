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
    public static void Run(IReadOnlyList<PreparedQuery> queries, IReadOnlyList<int> positions, SearchHit[][] hits, CancellationToken cancellationToken)
    {
        foreach (var group in positions.GroupBy(position => Key(queries[position])))
        {
            cancellationToken.ThrowIfCancellationRequested();
            int[] members = [.. group];
            ExactIndex index = IndexOf(queries[members[0]]);
            int k = Math.Min(group.Key.Length, index.Count);
            SearchHit[] found = new SearchHit[members.Length * k];
            int each = Search(index, [.. members.Select(member => VectorOf(queries[member]))], k, found, queries[members[0]]);
            for (int i = 0; i < members.Length; i++)
            {
                hits[members[i]] = Finish(queries[members[i]], found.AsSpan(i * k, each));
            }
        }
    }

    /// <summary>The vector whose inner products with the rows of its index are the scores.</summary>
    public static float[] VectorOf(PreparedQuery query)
    {
        LinearStrategy strategy = (LinearStrategy)query.Strategy;
        return query.ComparesCaptionsOneByOne
            ? Stacking.StackQuery(strategy, query.CaptionWeight, query.Paths, query.Space.HasImageOnlyItems)
            : strategy.Compose(query.Paths[0]);
    }

    private static (SearchedSpace Space, int Captions, double Weight, GallerySelection? Selection, int Length) Key(PreparedQuery query) => (
        query.Space,
        query.Paths.Count - 1,
        query.ComparesCaptionsOneByOne ? 0 : query.CaptionWeight,
        query.Selection,
        (int)Math.Min(int.MaxValue, BitOperations.RoundUpToPowerOf2((uint)query.Count + (uint)query.Excluded.Count)));

    private static ExactIndex IndexOf(PreparedQuery query)
        => query.ComparesCaptionsOneByOne ? query.Space.Stacked(query.Paths.Count - 1) : query.Space.Folded(query.CaptionWeight);

    private static int Search(ExactIndex index, float[][] vectors, int k, SearchHit[] hits, PreparedQuery first)
    {
        SearchScope scope = first.Space.Scope(first.Selection);
        return vectors.Length == 1 ? index.Search(vectors[0], hits, scope) : index.SearchBatch(EmbeddingMatrix.FromRows(vectors), k, hits, scope);
    }

    private static SearchHit[] Finish(PreparedQuery query, ReadOnlySpan<SearchHit> found)
    {
        List<SearchHit> kept = [];
        for (int i = 0; i < found.Length && kept.Count < query.Count && (query.MinScore is not { } least || found[i].Score >= least); i++)
        {
            if (!query.Excluded.Contains(found[i].Ordinal))
            {
                kept.Add(found[i]);
            }
        }

        return [.. kept];
    }
}
