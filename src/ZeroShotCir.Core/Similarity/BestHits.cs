namespace ZeroShotCir.Similarity;

/// <summary>The best of given items in ranking order: score descending, ties to the smaller ordinal.</summary>
internal static class BestHits
{
    /// <param name="scores">One score for each ordinal.</param>
    /// <param name="ordinals">The items that may be found.</param>
    /// <param name="k">How many to find.</param>
    public static SearchHit[] Select(ReadOnlySpan<float> scores, IEnumerable<int> ordinals, int k)
    {
        // The root of the queue is the worst of the best so far.
        PriorityQueue<int, SearchHit> best = new(Comparer<SearchHit>.Create(
            (x, y) => x.Score != y.Score ? x.Score.CompareTo(y.Score) : y.Ordinal.CompareTo(x.Ordinal)));
        foreach (int ordinal in ordinals)
        {
            SearchHit hit = new(ordinal, scores[ordinal]);
            if (best.Count < k)
            {
                best.Enqueue(ordinal, hit);
            }
            else
            {
                best.EnqueueDequeue(ordinal, hit);
            }
        }

        SearchHit[] hits = new SearchHit[best.Count];
        for (int i = hits.Length - 1; i >= 0; i--)
        {
            int ordinal = best.Dequeue();
            hits[i] = new SearchHit(ordinal, scores[ordinal]);
        }

        return hits;
    }
}
