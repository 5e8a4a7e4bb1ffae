using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Kernels;

/// <summary>The scan of code planes, which the compiler specialises for each instruction set.</summary>
/// <typeparam name="TPlane">The products.</typeparam>
internal sealed class CompiledPlaneScan<TPlane> : PlaneScan
    where TPlane : struct, IPlaneKernel
{
    // Rows that are looked through in one go, and how many of those found in them are asked for ahead: few enough that processors take all the hints.
    private const int LookedThrough = 4096;
    private const int Ahead = 12;
    private const int Together = 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Estimate(
        in ScanRange range, PlaneQuery query, float product, PlaneMargins margins, Span<float> uppers, RowScorer scorer, RowFilter filter, CandidateTable best)
    {
        CodePlanes planes = range.Rows.Planes(range.Block)!;
        PlaneBounds bounds = new(planes, query, product, margins);
        nuint bytes = (nuint)(uint)CodePlanes.TileBytes(planes.Dimensions);
        int groups = (planes.Dimensions + 7) / 8;
        int tiles = (range.Count + CodePlanes.TileRows - 1) / CodePlanes.TileRows, quarter = (tiles + 3) / 4;
        ref readonly byte first = ref planes.Coarse.Span[(int)(bytes * ((uint)range.Start / CodePlanes.TileRows))];
        Span<int> sums = stackalloc int[4 * CodePlanes.TileRows];
        float threshold = best.Threshold(0);
        for (int tile = 0; tile < quarter; tile++)
        {
            // From far-apart quarters, as in the other scans; where there are fewer than four, the last one is taken again and counted once.
            TPlane.MultiplyTiles(
                in query.Codes[0], in Tile(in first, tile, bytes), in Tile(in first, Math.Min(tile + quarter, tiles - 1), bytes),
                in Tile(in first, Math.Min(tile + (2 * quarter), tiles - 1), bytes), in Tile(in first, Math.Min(tile + (3 * quarter), tiles - 1), bytes),
                groups, ref sums[0]);
            for (int i = 0, own = tile; i < 4 && own < tiles; i++, own += quarter)
            {
                ref readonly byte scales = ref Unsafe.Add(ref Unsafe.AsRef(in Tile(in first, own, bytes)), CodePlanes.TileCodeBytes(planes.Dimensions));
                Bound(
                    in bounds, in range, own, in Unsafe.As<byte, float>(ref Unsafe.AsRef(in scales)), sums[(i * CodePlanes.TileRows)..],
                    uppers, ref threshold, scorer, filter, best);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Complete(
        in ScanRange range, PlaneQuery query, float product, PlaneMargins margins, ReadOnlySpan<float> uppers, RowScorer scorer, RowFilter filter, CandidateTable table)
    {
        CodePlanes planes = range.Rows.Planes(range.Block)!;
        PlaneBounds bounds = new(planes, query, product, margins);
        Span<int> found = stackalloc int[LookedThrough + ReachingPlaces.Room + Ahead + Together];
        float threshold = table.Threshold(0);
        for (int start = 0; start < range.Count; start += LookedThrough)
        {
            int count = ReachingPlaces.Find(uppers.Slice(start, Math.Min(LookedThrough, range.Count - start)), threshold, start, found);
            if (filter.Restricts)
            {
                count = filter.KeepAllowed(found[..count], range.FirstOrdinal);
            }

            Offer(in bounds, in range, planes, query, found, count, uppers, ref threshold, scorer, table);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Bound(
        in PlaneBounds bounds, in ScanRange range, int tile, ref readonly float scales, ReadOnlySpan<int> sums,
        Span<float> uppers, ref float threshold, RowScorer scorer, RowFilter filter, CandidateTable best)
    {
        int start = tile * CodePlanes.TileRows;
        ref int products = ref MemoryMarshal.GetReference(sums);
        Vector256<float> estimates0 = bounds.Estimate(in scales, 0, Vector256.LoadUnsafe(ref products), out Vector256<float> uppers0);
        Vector256<float> estimates1 = bounds.Estimate(in scales, 8, Vector256.LoadUnsafe(ref products, 8), out Vector256<float> uppers1);
        Span<float> own = uppers.Slice(start, CodePlanes.TileRows);
        uppers0.CopyTo(own);
        uppers1.CopyTo(own[8..]);
        int missing = start + CodePlanes.TileRows - range.Count;
        if (missing > 0)
        {
            own[^missing..].Fill(float.NaN);
        }

        if (!Vector256.GreaterThanAny(Vector256.Max(estimates0, estimates1), Vector256.Create(threshold)))
        {
            return;
        }

        Span<float> estimates = stackalloc float[CodePlanes.TileRows];
        estimates0.CopyTo(estimates);
        estimates1.CopyTo(estimates[8..]);
        int first = range.FirstOrdinal + start;
        int count = Math.Min(CodePlanes.TileRows, range.Count - start);
        for (int i = 0; i < count; i++)
        {
            if (estimates[i] > threshold && filter.Allows(first + i) && best.Add(0, new Candidate(estimates[i], estimates[i], first + i), scorer))
            {
                threshold = best.Threshold(0);
            }
        }
    }

    // The places after the last row must be writable: rows are taken in fours and asked for ahead.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Offer(
        in PlaneBounds bounds, in ScanRange range, CodePlanes planes, PlaneQuery query, Span<int> rows, int count, ReadOnlySpan<float> uppers,
        ref float threshold, RowScorer scorer, CandidateTable table)
    {
        if (count == 0)
        {
            return;
        }

        rows.Slice(count, Ahead + Together).Fill(rows[count - 1]);
        nuint bytes = (nuint)(uint)CodePlanes.FineBytes(planes.Dimensions);
        ref readonly byte fine = ref Unsafe.Add(ref MemoryMarshal.GetReference(planes.Fine.Span), (nuint)(uint)range.Start * bytes);
        for (int i = 0; i < Ahead; i++)
        {
            bounds.Fetch(range.Start + rows[i]);
            Prefetch.Block(in Row(in fine, rows[i], bytes), (int)bytes);
        }

        for (int i = 0; i < count; i += Together)
        {
            for (int next = i + Ahead; next < i + Ahead + Together; next++)
            {
                bounds.Fetch(range.Start + rows[next]);
                Prefetch.Block(in Row(in fine, rows[next], bytes), (int)bytes);
            }

            Vector128<int> four = Vector128.Create(rows[i], rows[i + 1], rows[i + 2], rows[i + 3]);
            Vector128<int> products = TPlane.MultiplyRows(
                in query.Codes[0], in Row(in fine, four[0], bytes), in Row(in fine, four[1], bytes), in Row(in fine, four[2], bytes), in Row(in fine, four[3], bytes), (int)bytes);
            Vector128<float> upper = Vector128.Create(uppers[four[0]], uppers[four[1]], uppers[four[2]], uppers[four[3]]);
            Vector128<float> lower = bounds.Complete(four + Vector128.Create(range.Start), products, ref upper);
            if (!Vector128.GreaterThanOrEqualAny(upper, Vector128.Create(threshold)))
            {
                continue;
            }

            for (int lane = 0; lane < Together && i + lane < count; lane++)
            {
                if (upper[lane] >= threshold && table.Add(0, new Candidate(lower[lane], upper[lane], range.FirstOrdinal + four[lane]), scorer))
                {
                    threshold = table.Threshold(0);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref readonly byte Tile(ref readonly byte coarse, int tile, nuint bytes) => ref Unsafe.Add(ref Unsafe.AsRef(in coarse), (nuint)(uint)tile * bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref readonly byte Row(ref readonly byte fine, int row, nuint bytes) => ref Unsafe.Add(ref Unsafe.AsRef(in fine), (nuint)(uint)row * bytes);
}
