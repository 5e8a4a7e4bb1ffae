namespace ZeroShotCir.Composition;

/// <summary>The first items of a row of scores, without sorting the row.</summary>
internal static class LeadingItems
{
    /// <summary>Finds the first items: highest score first, ties to the smaller position.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="count">How many; fewer where there are fewer.</param>
    /// <returns>Their positions, best first.</returns>
    public static int[] Find(ReadOnlySpan<float> scores, int count)
    {
        // The root of the queue is the worst of the best so far.
        PriorityQueue<int, (float Score, int Position)> best = new(Comparer<(float Score, int Position)>.Create(
            (x, y) => x.Score != y.Score ? x.Score.CompareTo(y.Score) : y.Position.CompareTo(x.Position)));
        float least = float.NegativeInfinity;
        for (int i = 0; i < scores.Length; i++)
        {
            if (best.Count < count)
            {
                best.Enqueue(i, (scores[i], i));
            }
            else if (scores[i] > least)
            {
                best.EnqueueDequeue(i, (scores[i], i));
            }
            else
            {
                continue;
            }

            least = best.Count < count ? least : best.TryPeek(out _, out (float Score, int Position) worst) ? worst.Score : least;
        }

        int[] positions = new int[best.Count];
        for (int i = positions.Length - 1; i >= 0; i--)
        {
            positions[i] = best.Dequeue();
        }

        return positions;
    }
}
