using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZeroShotCir.Kernels;

/// <summary>Multiplies all queries of a batch with a panel of rows along leading directions, and says which rows may be among the best.</summary>
/// <typeparam name="TTile">Products of a panel of queries with a panel of rows.</typeparam>
/// <typeparam name="TSimd">The operations on vectors.</typeparam>
/// <typeparam name="TFloat">A vector of floats.</typeparam>
/// <typeparam name="TInt">A vector of ints.</typeparam>
internal static class ProjectedScan<TTile, TSimd, TFloat, TInt>
    where TTile : struct, ITile<float>
    where TSimd : struct, ISimd<TFloat, TInt>
    where TFloat : struct
    where TInt : struct
{
    /// <summary>Compares the bounds of a panel's rows with the queries' thresholds.</summary>
    /// <param name="queries">The queries along the directions.</param>
    /// <param name="panel">The rows along them.</param>
    /// <param name="thresholds">What each query's rows must reach.</param>
    /// <param name="reaching">Receives for each query a bit for each row of which it is not certain that it stays below.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sift(QueryPanels queries, ProjectedPanel panel, ReadOnlySpan<float> thresholds, Span<ulong> reaching)
    {
        int depth = queries.Depth, count = queries.Count;
        ulong valid = ulong.MaxValue >> (64 - panel.Count);
        float longest = panel.Longest;
        ref float query = ref Unsafe.As<int, float>(ref MemoryMarshal.GetReference(queries.Slots));
        ref readonly float rows = ref panel.Products[0];
        ref readonly float rests = ref panel.Rests[0];
        ReadOnlySpan<float> slacks = queries.Slacks, allowances = queries.Allowances;
        Span<float> products = stackalloc float[TTile.Queries * TTile.Rows];
        for (int first = 0; first < count; first += TTile.Queries)
        {
            TTile.Multiply(in query, in rows, depth, ref products[0], (nuint)TTile.Rows);
            query = ref Unsafe.Add(ref query, TTile.Queries * depth);
            int present = Math.Min(TTile.Queries, count - first);
            for (int i = 0; i < present; i++)
            {
                ref readonly float own = ref products[i * TTile.Rows];
                TFloat slack = TSimd.Broadcast(slacks[first + i]), threshold = TSimd.Broadcast(thresholds[first + i] - (allowances[first + i] * longest));
                ulong bits = Reaching(in own, in rests, slack, threshold, 0) | (Reaching(in own, in rests, slack, threshold, TSimd.Width) << TSimd.Width);
                if (TTile.Rows == 3 * TSimd.Width)
                {
                    bits |= Reaching(in own, in rests, slack, threshold, 2 * TSimd.Width) << (2 * TSimd.Width);
                }

                reaching[first + i] = bits & valid;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Reaching(ref readonly float products, ref readonly float rests, TFloat slack, TFloat threshold, int start)
        => TSimd.NotLess(TSimd.MultiplyAdd(TSimd.Load(in rests, (nuint)start), slack, TSimd.Load(in products, (nuint)start)), threshold);
}
