using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Kernels;

/// <summary>The scans, which the compiler specialises for each instruction set.</summary>
/// <typeparam name="TDot">Products of one query with four rows.</typeparam>
/// <typeparam name="TTile">Products of a panel of queries with a panel of rows.</typeparam>
/// <typeparam name="TPairTile">The same where they are quantized.</typeparam>
/// <typeparam name="TSimd">The operations on vectors.</typeparam>
/// <typeparam name="TFloat">A vector of floats.</typeparam>
/// <typeparam name="TInt">A vector of ints.</typeparam>
/// <param name="instructions">What the instruction set is called in statistics.</param>
/// <param name="planes">The scan of code planes.</param>
internal sealed class CompiledScanKernels<TDot, TTile, TPairTile, TSimd, TFloat, TInt>(string instructions, PlaneScan planes) : ScanKernels(instructions, planes)
    where TDot : struct, IDotKernel
    where TTile : struct, ITile<float>
    where TPairTile : struct, ITile<int>
    where TSimd : struct, ISimd<TFloat, TInt>
    where TFloat : struct
    where TInt : struct
{
    public override int PanelRows => TTile.Rows;

    public override int PanelQueries => TTile.Queries;

    public override int PairRows => TPairTile.Rows;

    public override int PairQueries => TPairTile.Queries;

    public override Vector128<float> Score(
        ref readonly float query, ref readonly float row0, ref readonly float row1, ref readonly float row2, ref readonly float row3, int dimensions)
        => TDot.Score(in query, in row0, in row1, in row2, in row3, dimensions);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ScanRows(in ScanRange range, RowScorer scorer, RowFilter filter, CandidateTable table)
    {
        int dimensions = range.Rows.Dimensions;
        nuint length = (uint)dimensions;
        ref readonly float query = ref scorer.Query(0)[0];
        ref float first = ref MemoryMarshal.GetReference(range.Rows.Block(range.Block).Values.Slice(range.Start * dimensions, range.Count * dimensions));
        float threshold = table.Threshold(0);

        // Four rows at a time from far-apart quarters: neighbours share pages, and the prefetchers then lose half the bandwidth.
        ScanOrder order = new(range.Count);
        nuint quarter = order.Length * length;
        ref float row0 = ref first, row1 = ref Unsafe.Add(ref row0, quarter), row2 = ref Unsafe.Add(ref row1, quarter), row3 = ref Unsafe.Add(ref row2, quarter);
        for (int i = 0; i < order.Steps; i++)
        {
            if (i == (int)order.Length)
            {
                Vector128<int> rest = order.Places(i);
                row0 = ref Unsafe.Add(ref first, (nuint)(uint)rest[0] * length);
                row1 = ref Unsafe.Add(ref first, (nuint)(uint)rest[1] * length);
                row2 = ref Unsafe.Add(ref first, (nuint)(uint)rest[2] * length);
                row3 = ref Unsafe.Add(ref first, (nuint)(uint)rest[3] * length);
            }

            Vector128<float> scores = TDot.Score(in query, in row0, in row1, in row2, in row3, dimensions);
            row0 = ref Unsafe.Add(ref row0, length);
            row1 = ref Unsafe.Add(ref row1, length);
            row2 = ref Unsafe.Add(ref row2, length);
            row3 = ref Unsafe.Add(ref row3, length);

            // Scores that are not finite pass, to be refused by name.
            Vector128<float> below = Vector128.LessThan(scores, Vector128.Create(threshold))
                & Vector128.GreaterThanOrEqual(scores, Vector128.Create(float.MinValue));
            uint reaching = ~below.ExtractMostSignificantBits() & order.Valid(i);
            if (reaching == 0)
            {
                continue;
            }

            Vector128<int> places = order.Places(i);
            for (; reaching != 0; reaching &= reaching - 1)
            {
                int lane = BitOperations.TrailingZeroCount(reaching);
                int ordinal = range.FirstOrdinal + places[lane];
                float score = scores[lane];
                if (!filter.Allows(ordinal))
                {
                    continue;
                }

                if (!float.IsFinite(score))
                {
                    throw range.Rows.NotFinite(ordinal);
                }

                if (table.Add(0, new Candidate(score, score, ordinal), scorer))
                {
                    threshold = table.Threshold(0);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ScanCodes(
        in ScanRange range, CodeQuery query, float product, float margin, RowScorer scorer, RowFilter filter, CandidateTable table)
    {
        int dimensions = range.Rows.Dimensions;
        nuint length = (uint)dimensions;
        QuantizedMatrix block = range.Rows.Codes(range.Block)!;
        ref readonly short codes = ref query.Codes[0];
        ref sbyte first = ref MemoryMarshal.GetReference(block.Codes.Span.Slice(range.Start * dimensions, range.Count * dimensions));
        CodeBounds bounds = new(block.Scales.Span.Slice(range.Start, range.Count), block.Errors.Span.Slice(range.Start, range.Count), query, product, margin);
        float threshold = table.Threshold(0);
        Span<int> sixteen = stackalloc int[16];

        // Four steps through the far quarters at once, so that the bounds of four neighbours in each are compared together.
        int quarter = (int)new ScanOrder(range.Count).Length, step = 0;
        ref sbyte row0 = ref first, row1 = ref Unsafe.Add(ref row0, (nuint)(uint)quarter * length);
        ref sbyte row2 = ref Unsafe.Add(ref row1, (nuint)(uint)quarter * length), row3 = ref Unsafe.Add(ref row2, (nuint)(uint)quarter * length);
        for (; step + 4 <= quarter; step += 4)
        {
            Vector128<int> products0 = TDot.Multiply(in codes, in row0, in row1, in row2, in row3, dimensions);
            Vector128<int> products1 = TDot.Multiply(
                in codes, in Unsafe.Add(ref row0, length), in Unsafe.Add(ref row1, length), in Unsafe.Add(ref row2, length), in Unsafe.Add(ref row3, length), dimensions);
            row0 = ref Unsafe.Add(ref row0, 2 * length);
            row1 = ref Unsafe.Add(ref row1, 2 * length);
            row2 = ref Unsafe.Add(ref row2, 2 * length);
            row3 = ref Unsafe.Add(ref row3, 2 * length);
            Vector128<int> products2 = TDot.Multiply(in codes, in row0, in row1, in row2, in row3, dimensions);
            Vector128<int> products3 = TDot.Multiply(
                in codes, in Unsafe.Add(ref row0, length), in Unsafe.Add(ref row1, length), in Unsafe.Add(ref row2, length), in Unsafe.Add(ref row3, length), dimensions);
            row0 = ref Unsafe.Add(ref row0, 2 * length);
            row1 = ref Unsafe.Add(ref row1, 2 * length);
            row2 = ref Unsafe.Add(ref row2, 2 * length);
            row3 = ref Unsafe.Add(ref row3, 2 * length);

            Transposition.Transpose(ref products0, ref products1, ref products2, ref products3);
            uint reaching = bounds.Reaching(step, products0, threshold)
                | (bounds.Reaching(step + quarter, products1, threshold) << 4)
                | (bounds.Reaching(step + (2 * quarter), products2, threshold) << 8)
                | (bounds.Reaching(step + (3 * quarter), products3, threshold) << 12);
            if (reaching == 0)
            {
                continue;
            }

            products0.CopyTo(sixteen);
            products1.CopyTo(sixteen[4..]);
            products2.CopyTo(sixteen[8..]);
            products3.CopyTo(sixteen[12..]);
            for (; reaching != 0; reaching &= reaching - 1)
            {
                int place = BitOperations.TrailingZeroCount(reaching);
                int row = ((place >> 2) * quarter) + step + (place & 3);
                Offer(bounds.Of(row, sixteen[place], range.FirstOrdinal + row), ref threshold, scorer, filter, table);
            }
        }

        // What is left over of each quarter, and after the last one.
        for (ScanOrder order = new(range.Count); step < order.Steps; step++)
        {
            Vector128<int> places = order.Places(step);
            Vector128<int> products = TDot.Multiply(
                in codes,
                in Unsafe.Add(ref first, (nuint)(uint)places[0] * length), in Unsafe.Add(ref first, (nuint)(uint)places[1] * length),
                in Unsafe.Add(ref first, (nuint)(uint)places[2] * length), in Unsafe.Add(ref first, (nuint)(uint)places[3] * length),
                dimensions);
            for (uint valid = order.Valid(step); valid != 0; valid &= valid - 1)
            {
                int lane = BitOperations.TrailingZeroCount(valid);
                Offer(bounds.Of(places[lane], products[lane], range.FirstOrdinal + places[lane]), ref threshold, scorer, filter, table);
            }
        }
    }

    public override void ScanPanel(
        QueryPanels queries, RowPanel panel, RowScorer scorer, RowFilter filter, CandidateTable table, Span<float> thresholds)
    {
        if (queries.Quantized)
        {
            PanelScan<TPairTile, int, TSimd, TFloat, TInt>.Scan(queries, panel, scorer, filter, table, thresholds);
        }
        else
        {
            PanelScan<TTile, float, TSimd, TFloat, TInt>.Scan(queries, panel, scorer, filter, table, thresholds);
        }
    }

    public override void Sift(QueryPanels queries, ProjectedPanel panel, ReadOnlySpan<float> thresholds, Span<ulong> reaching)
        => ProjectedScan<TTile, TSimd, TFloat, TInt>.Sift(queries, panel, thresholds, reaching);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SumSquares(ReadOnlySpan<float> panel, Span<float> sums)
    {
        nuint width = (nuint)TSimd.Width, row = (nuint)TTile.Rows, length = (nuint)(uint)panel.Length;
        ref float first = ref MemoryMarshal.GetReference(panel);
        for (nuint place = 0; place < row; place += width)
        {
            TFloat sum = TSimd.Broadcast(0f);
            for (nuint d = place; d < length; d += row)
            {
                TFloat some = TSimd.Load(in first, d);
                sum = TSimd.MultiplyAdd(some, some, sum);
            }

            TSimd.Store(sum, ref MemoryMarshal.GetReference(sums), place);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void MultiplyPanels(ReadOnlySpan<float> queries, ReadOnlySpan<float> rows, int dimensions, Span<float> products, int stride)
        => TTile.Multiply(in MemoryMarshal.GetReference(queries), in MemoryMarshal.GetReference(rows), dimensions, ref MemoryMarshal.GetReference(products), (nuint)(uint)stride);

    public override int FewestRows => FewQueries<TTile, TSimd, TFloat, TInt>.Rows;

    public override void MultiplyRows(ReadOnlySpan<float> queries, int count, ReadOnlySpan<float> rows, int dimensions, Span<float> products, int stride)
        => FewQueries<TTile, TSimd, TFloat, TInt>.Multiply(
            ref MemoryMarshal.GetReference(queries), count, ref MemoryMarshal.GetReference(rows), rows.Length / dimensions, dimensions,
            ref MemoryMarshal.GetReference(products), (nuint)(uint)stride);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void QuantizePanel(ReadOnlySpan<float> floats, ReadOnlySpan<float> multipliers, Span<int> pairs)
    {
        nuint width = (nuint)TSimd.Width, row = (nuint)TPairTile.Rows;
        ref float from = ref MemoryMarshal.GetReference(floats), factors = ref MemoryMarshal.GetReference(multipliers);
        ref int first = ref MemoryMarshal.GetReference(pairs);
        for (nuint to = 0; to < (nuint)(uint)pairs.Length; to += row)
        {
            for (nuint place = 0; place < row; place += width)
            {
                nuint low = (2 * to) + place;
                StorePairs(in from, low, low + row, TSimd.Load(in factors, place), ref first, to + place);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePairs(ref readonly float floats, nuint low, nuint high, TFloat multipliers, ref int pairs, nuint to)
        => TSimd.Store(
            TSimd.ToPairs(TSimd.Multiply(TSimd.Load(in floats, low), multipliers), TSimd.Multiply(TSimd.Load(in floats, high), multipliers)),
            ref pairs, to);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Offer(Candidate candidate, ref float threshold, RowScorer scorer, RowFilter filter, CandidateTable table)
    {
        if (!(candidate.Upper < threshold) && filter.Allows(candidate.Ordinal) && table.Add(0, candidate, scorer))
        {
            threshold = table.Threshold(0);
        }
    }
}
