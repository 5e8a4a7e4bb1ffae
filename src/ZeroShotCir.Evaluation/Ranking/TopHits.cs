using ZeroShotCir.Similarity;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>The best of given items in ranking order.</summary>
internal static class TopHits
{
    public static IReadOnlyList<SearchHit> Of(float[] scores, IEnumerable<int> ordinals, int k)
    {
        // The root of the queue is the worst of the best so far.
        PriorityQueue<int, (float Score, int Ordinal)> best = new(Comparer<(float Score, int Ordinal)>.Create(
            (x, y) => x.Score != y.Score ? x.Score.CompareTo(y.Score) : y.Ordinal.CompareTo(x.Ordinal)));
        foreach (int ordinal in ordinals)
        {
            if (best.Count < k)
            {
                best.Enqueue(ordinal, (scores[ordinal], ordinal));
            }
            else
            {
                best.EnqueueDequeue(ordinal, (scores[ordinal], ordinal));
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
