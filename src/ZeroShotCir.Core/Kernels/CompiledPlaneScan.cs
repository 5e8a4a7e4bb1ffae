using System.Numerics;
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
    // Rows that wait for their fine codes, which are fetched meanwhile: few enough that processors take all the hints, which they drop in bursts.
    private const int Waiting = 16;
    private const int Together = 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Estimate(
        in ScanRange range, PlaneQuery query, float product, PlaneMargins margins, Span<float> uppers, RowScorer scorer, RowFilter filter, CandidateTable best)
    {
        CodePlanes planes = range.Rows.Planes(range.Block)!;
        PlaneBounds bounds = new(planes, query, product, margins);
        nuint bytes = (nuint)(uint)CodePlanes.TileBytes(planes.Dimensions);
        int groups = (planes.Dimensions + 7) / 8;
        int tiles = (range.Count + CodePlanes.TileRows - 1) / CodePlanes.TileRows, half = (tiles + 1) / 2;
        ref readonly byte first = ref planes.Coarse.Span[(int)(bytes * ((uint)range.Start / CodePlanes.TileRows))];
        Span<int> sums = stackalloc int[2 * CodePlanes.TileRows];
        float threshold = best.Threshold(0);
        for (int tile = 0; tile < half; tile++)
        {
            // From far-apart halves, as in the other scans; the last of an odd number is taken twice and counted once.
            int other = Math.Min(tile + half, tiles - 1);
            TPlane.MultiplyTiles(
                in query.Codes[0], in Unsafe.Add(ref Unsafe.AsRef(in first), (nuint)(uint)tile * bytes), in Unsafe.Add(ref Unsafe.AsRef(in first), (nuint)(uint)other * bytes),
                groups, ref sums[0]);
            Bound(in bounds, in range, tile, sums, uppers, ref threshold, scorer, filter, best);
            if (other != tile && tile + half < tiles)
            {
                Bound(in bounds, in range, other, sums[CodePlanes.TileRows..], uppers, ref threshold, scorer, filter, best);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Complete(
        in ScanRange range, PlaneQuery query, float product, PlaneMargins margins, ReadOnlySpan<float> uppers, RowScorer scorer, RowFilter filter, CandidateTable table)
    {
        CodePlanes planes = range.Rows.Planes(range.Block)!;
        PlaneBounds bounds = new(planes, query, product, margins);
        Span<int> waiting = stackalloc int[Waiting];
        int count = 0;
        float threshold = table.Threshold(0);
        ref readonly byte fine = ref MemoryMarshal.GetReference(planes.Fine.Span);
        ref float fineBounds = ref MemoryMarshal.GetReference(planes.FineBounds.Span);
        ref float errors = ref MemoryMarshal.GetReference(planes.Errors.Span);
        nuint bytes = (nuint)(uint)CodePlanes.FineBytes(planes.Dimensions);
        for (int start = 0; start < range.Count; start += CodePlanes.TileRows)
        {
            ref readonly float upper = ref uppers[start];
            Vector128<float> least = Vector128.Create(threshold);
            uint reaching = NotBelow(in upper, 0, least) | (NotBelow(in upper, 4, least) << 4) | (NotBelow(in upper, 8, least) << 8) | (NotBelow(in upper, 12, least) << 12);
            for (; reaching != 0; reaching &= reaching - 1)
            {
                int row = start + BitOperations.TrailingZeroCount(reaching);
                if (filter.Allows(range.FirstOrdinal + row))
                {
                    waiting[count++] = row;
                    Prefetch.Block(in Row(in fine, range.Start + row, bytes), (int)bytes);
                    Prefetch.Line(in Unsafe.As<float, byte>(ref Unsafe.Add(ref fineBounds, 2 * (range.Start + row))), 0);
                    Prefetch.Line(in Unsafe.As<float, byte>(ref Unsafe.Add(ref errors, range.Start + row)), 0);
                    if (count == Waiting)
                    {
                        Offer(in bounds, in range, planes, query, waiting[..Together], uppers, ref threshold, scorer, table);
                        waiting[Together..].CopyTo(waiting);
                        count -= Together;
                    }
                }
            }
        }

        Offer(in bounds, in range, planes, query, waiting[..count], uppers, ref threshold, scorer, table);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint NotBelow(ref readonly float uppers, nuint place, Vector128<float> threshold)
        => Vector128.GreaterThanOrEqual(Vector128.LoadUnsafe(in uppers, place), threshold).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Bound(
        in PlaneBounds bounds, in ScanRange range, int tile, ReadOnlySpan<int> sums, Span<float> uppers,
        ref float threshold, RowScorer scorer, RowFilter filter, CandidateTable best)
    {
        int start = tile * CodePlanes.TileRows, row = range.Start + start;
        ref int products = ref MemoryMarshal.GetReference(sums);
        Vector128<float> estimates0 = bounds.Estimate(row, Vector128.LoadUnsafe(ref products), out Vector128<float> uppers0);
        Vector128<float> estimates1 = bounds.Estimate(row + 4, Vector128.LoadUnsafe(ref products, 4), out Vector128<float> uppers1);
        Vector128<float> estimates2 = bounds.Estimate(row + 8, Vector128.LoadUnsafe(ref products, 8), out Vector128<float> uppers2);
        Vector128<float> estimates3 = bounds.Estimate(row + 12, Vector128.LoadUnsafe(ref products, 12), out Vector128<float> uppers3);
        Span<float> own = uppers.Slice(start, CodePlanes.TileRows);
        uppers0.CopyTo(own);
        uppers1.CopyTo(own[4..]);
        uppers2.CopyTo(own[8..]);
        uppers3.CopyTo(own[12..]);
        int missing = start + CodePlanes.TileRows - range.Count;
        if (missing > 0)
        {
            own[^missing..].Fill(float.NaN);
        }

        Vector128<float> least = Vector128.Create(threshold);
        Vector128<float> highest = Vector128.Max(Vector128.Max(estimates0, estimates1), Vector128.Max(estimates2, estimates3));
        if (!Vector128.GreaterThanAny(highest, least))
        {
            return;
        }

        Span<float> estimates = stackalloc float[CodePlanes.TileRows];
        estimates0.CopyTo(estimates);
        estimates1.CopyTo(estimates[4..]);
        estimates2.CopyTo(estimates[8..]);
        estimates3.CopyTo(estimates[12..]);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Offer(
        in PlaneBounds bounds, in ScanRange range, CodePlanes planes, PlaneQuery query, ReadOnlySpan<int> rows, ReadOnlySpan<float> uppers,
        ref float threshold, RowScorer scorer, CandidateTable table)
    {
        ref readonly byte fine = ref MemoryMarshal.GetReference(planes.Fine.Span);
        nuint bytes = (nuint)(uint)CodePlanes.FineBytes(planes.Dimensions);
        for (int i = 0; i < rows.Length; i += Together)
        {
            int row0 = rows[i], row1 = rows[Math.Min(i + 1, rows.Length - 1)], row2 = rows[Math.Min(i + 2, rows.Length - 1)], row3 = rows[Math.Min(i + 3, rows.Length - 1)];
            Vector128<int> products = TPlane.MultiplyRows(
                in query.Codes[0],
                in Row(in fine, range.Start + row0, bytes), in Row(in fine, range.Start + row1, bytes),
                in Row(in fine, range.Start + row2, bytes), in Row(in fine, range.Start + row3, bytes), (int)bytes);
            for (int lane = 0; lane < Together && i + lane < rows.Length; lane++)
            {
                int row = rows[i + lane];
                Candidate candidate = bounds.Of(range.Start + row, uppers[row], products[lane], range.FirstOrdinal + row);
                if (candidate.Upper >= threshold && table.Add(0, candidate, scorer))
                {
                    threshold = table.Threshold(0);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref readonly byte Row(ref readonly byte fine, int row, nuint bytes) => ref Unsafe.Add(ref Unsafe.AsRef(in fine), (nuint)(uint)row * bytes);
}
