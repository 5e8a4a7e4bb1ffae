using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ZeroShotCir.Buffers;
using ZeroShotCir.Kernels;

namespace ZeroShotCir.Similarity;

/// <summary>The best of a row of scores in ranking order: score descending, ties to the smaller ordinal.</summary>
internal static class BestHits
{
    // What is sorted out at once beside the best so far: few enough to stay in the nearest cache, enough to be worth a selection.
    private const int LeastRoom = 1024;

    /// <param name="scores">The scores.</param>
    /// <param name="k">How many to find; fewer where there are fewer.</param>
    /// <param name="ordinals">The ordinal of each score, ascending; empty where it is the score's own place.</param>
    public static SearchHit[] Select(ReadOnlySpan<float> scores, int k, ReadOnlySpan<int> ordinals = default)
    {
        k = Math.Min(k, scores.Length);
        if (k <= 0)
        {
            return [];
        }

        using RentedArray<ulong> room = new((int)Math.Min(scores.Length, Math.Max(2L * k, k + (long)LeastRoom)));
        Span<ulong> best = GatherBest(scores, k, room.Span);
        best.Sort();
        SearchHit[] hits = new SearchHit[k];
        for (int i = 0; i < k; i++)
        {
            int place = PlaceOf(best[^(i + 1)]);
            hits[i] = new SearchHit(ordinals.IsEmpty ? place : ordinals[place], scores[place]);
        }

        return hits;
    }

    /// <summary>The best of some.</summary>
    /// <param name="scores">A score for each ordinal.</param>
    /// <param name="some">The ordinals that may be found.</param>
    /// <param name="k">How many to find; fewer where there are fewer.</param>
    public static SearchHit[] SelectAmong(float[] scores, IEnumerable<int> some, int k)
    {
        int[] ordinals = [.. some.Order()];
        return Select(Array.ConvertAll(ordinals, ordinal => scores[ordinal]), k, ordinals);
    }

    // Those that beat the k-th best so far are gathered until the room is full; then all but the best k of them are dropped.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Span<ulong> GatherBest(ReadOnlySpan<float> scores, int k, Span<ulong> room)
    {
        int count = Math.Min(scores.Length, room.Length);
        for (int i = 0; i < count; i++)
        {
            room[i] = Key(scores[i], i);
        }

        int place = count;
        ulong worst = KeepBest(room[..count], k);
        count = k;
        ref float first = ref MemoryMarshal.GetReference(scores);
        while (place < scores.Length)
        {
            // Of equals the earlier is better, so whatever comes later has to be larger.
            Vector<float> least = new(scores[PlaceOf(worst)]);
            while (place + Vector<float>.Count <= scores.Length && Vector.LessThanOrEqualAll(Vector.LoadUnsafe(ref first, (nuint)(uint)place), least))
            {
                place += Vector<float>.Count;
            }

            for (int end = Math.Min(place + Vector<float>.Count, scores.Length); place < end; place++)
            {
                ulong key = Key(scores[place], place);
                if (key > worst)
                {
                    room[count++] = key;
                }

                if (count == room.Length)
                {
                    worst = KeepBest(room, k);
                    count = k;
                }
            }
        }

        KeepBest(room[..count], k);
        return room[..k];
    }

    // Moves the best k to the front, in any order, and gives the worst of them. Keys differ, so that there are exactly k.
    private static ulong KeepBest(Span<ulong> keys, int k)
    {
        ulong worst = Selection.Descending(keys, k - 1);
        int kept = 0;
        foreach (ulong key in keys)
        {
            if (key >= worst)
            {
                keys[kept++] = key;
            }
        }

        return worst;
    }

    // Score and place as one number, larger where the hit is better; what is no number is worst.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Key(float score, int place) => float.IsNaN(score) ? ~(uint)place : new Candidate(score, score, place).Key;

    private static int PlaceOf(ulong key) => (int)~(uint)key;
}
