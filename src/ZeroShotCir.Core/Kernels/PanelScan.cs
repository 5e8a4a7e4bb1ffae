using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZeroShotCir.Kernels;

/// <summary>Multiplies all queries of a batch with a panel of rows, and collects the rows that may be among the best.</summary>
/// <typeparam name="TTile">Products of a panel of queries with a panel of rows.</typeparam>
/// <typeparam name="T">What the slots of the panels hold.</typeparam>
/// <typeparam name="TSimd">The operations on vectors.</typeparam>
/// <typeparam name="TFloat">A vector of floats.</typeparam>
/// <typeparam name="TInt">A vector of ints.</typeparam>
internal static class PanelScan<TTile, T, TSimd, TFloat, TInt>
    where TTile : struct, ITile<T>
    where T : unmanaged
    where TSimd : struct, ISimd<TFloat, TInt>
    where TFloat : struct
    where TInt : struct
{
    /// <summary>Scans a panel of rows.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="panel">The rows.</param>
    /// <param name="scorer">Scores what bounds cannot tell apart.</param>
    /// <param name="filter">Which rows may be returned.</param>
    /// <param name="table">Receives the rows.</param>
    /// <param name="thresholds">What each query's rows must reach, in the query's own units.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scan(QueryPanels queries, RowPanel panel, RowScorer scorer, RowFilter filter, CandidateTable table, Span<float> thresholds)
    {
        int depth = queries.Depth, count = queries.Count;
        ulong valid = ulong.MaxValue >> (64 - panel.Count);
        ref T query = ref First(queries.Slots), rows = ref First(panel.Slots);
        ReadOnlySpan<float> slacks = queries.Slacks, scales = panel.Scales, margins = panel.Margins;
        Span<T> products = stackalloc T[TTile.Queries * TTile.Rows];
        for (int first = 0; first < count; first += TTile.Queries)
        {
            TTile.Multiply(in query, in rows, depth, ref products[0], (nuint)TTile.Rows);
            query = ref Unsafe.Add(ref query, TTile.Queries * depth);
            int present = Math.Min(TTile.Queries, count - first);
            for (int i = 0; i < present; i++)
            {
                Span<float> own = ToFloats(products.Slice(i * TTile.Rows, TTile.Rows));
                ulong reaching = TileBounds<TSimd, TFloat, TInt>.Reaching(in own[0], TTile.Rows, in scales[0], in margins[0], slacks[first + i], thresholds[first + i]) & valid;
                if (reaching != 0)
                {
                    Collect(queries, first + i, panel, own, reaching, scorer, filter, table, thresholds);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref T First(ReadOnlySpan<int> slots) => ref Unsafe.As<int, T>(ref MemoryMarshal.GetReference(slots));

    // In place.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Span<float> ToFloats(Span<T> products)
    {
        Span<float> floats = MemoryMarshal.Cast<T, float>(products);
        if (typeof(T) == typeof(int))
        {
            ref float first = ref MemoryMarshal.GetReference(floats);
            for (nuint place = 0; place < (nuint)TTile.Rows; place += (nuint)TSimd.Width)
            {
                TSimd.Store(TSimd.ToFloat(TSimd.Load(in Unsafe.As<float, int>(ref first), place)), ref first, place);
            }
        }

        return floats;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Collect(
        QueryPanels queries, int query, RowPanel panel, ReadOnlySpan<float> products, ulong reaching,
        RowScorer scorer, RowFilter filter, CandidateTable table, Span<float> thresholds)
    {
        float unit = queries.Units[query];
        for (; reaching != 0; reaching &= reaching - 1)
        {
            int row = BitOperations.TrailingZeroCount(reaching);
            int ordinal = panel.FirstOrdinal + row;
            if (!filter.Allows(ordinal))
            {
                continue;
            }

            float score = products[row] * panel.Scales[row] * unit;
            float margin = panel.Margins[row] * queries.Slacks[query] * unit;
            Candidate candidate = float.IsFinite(margin)
                ? new Candidate(score - margin, score + margin, ordinal)
                : Candidate.Unknown(ordinal);
            if (table.Add(query, candidate, scorer))
            {
                // In the query's own units, and never above what it stands for.
                thresholds[query] = MathF.BitDecrement(table.Threshold(query) / unit);
            }
        }
    }
}
