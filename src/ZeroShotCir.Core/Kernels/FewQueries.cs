using System.Runtime.CompilerServices;

namespace ZeroShotCir.Kernels;

/// <summary>
/// All products of a few queries with rows as they stand in memory: rows are turned into columns in registers. For so few products it
/// would take longer to pack the rows into panels and read them again than to multiply them.
/// </summary>
/// <remarks>Each product is the chain of <see cref="ITile{T}"/>, to the bit.</remarks>
/// <typeparam name="TTile">Says how queries are packed.</typeparam>
/// <typeparam name="TSimd">The operations on vectors.</typeparam>
/// <typeparam name="TFloat">A vector of floats.</typeparam>
/// <typeparam name="TInt">A vector of ints.</typeparam>
internal static class FewQueries<TTile, TSimd, TFloat, TInt>
    where TTile : struct, ITile<float>
    where TSimd : struct, ISimd<TFloat, TInt>
    where TFloat : struct
    where TInt : struct
{
    /// <summary>How many rows are multiplied at a time: one in each lane.</summary>
    public static int Rows => TSimd.Width;

    /// <summary>Multiplies packed queries with rows.</summary>
    /// <param name="queries">The queries' panels.</param>
    /// <param name="count">The number of queries.</param>
    /// <param name="rows">The rows, one after the other.</param>
    /// <param name="rowCount">How many there are; at least <see cref="Rows"/>.</param>
    /// <param name="dimensions">The number of components.</param>
    /// <param name="products">Receives the products of the first query, and of the others.</param>
    /// <param name="stride">How far apart the products of two queries begin.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ref float queries, int count, ref float rows, int rowCount, int dimensions, ref float products, nuint stride)
    {
        nuint length = (uint)dimensions;

        // Lanes read far apart, each its share of the rows from end to end: so many streams prefetchers can follow, and no more.
        nuint share = (uint)(rowCount / Rows), rest = (uint)(rowCount - Rows);
        for (nuint step = 0; step < share; step++)
        {
            MultiplyLanes(ref queries, count, ref Unsafe.Add(ref rows, step * length), share * length, length, ref Unsafe.Add(ref products, step), share, stride);
        }

        // What is left over is multiplied together with rows before it: the same products again.
        if (share * (nuint)Rows < (uint)rowCount)
        {
            MultiplyLanes(ref queries, count, ref Unsafe.Add(ref rows, rest * length), length, length, ref Unsafe.Add(ref products, rest), 1, stride);
        }
    }

    // The rows of two lanes begin apart components from each other, their products a share.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyLanes(ref float queries, int count, ref float rows, nuint apart, nuint length, ref float products, nuint share, nuint stride)
    {
        for (int first = 0; first < count; first += FewQueries.AtOnce)
        {
            // A panel may hold more queries than are multiplied at once.
            int within = first % TTile.Queries, some = Math.Min(FewQueries.AtOnce, count - first);
            ref float query = ref Unsafe.Add(ref queries, ((nuint)(uint)(first - within) * length) + (nuint)(uint)within);
            ref float own = ref Unsafe.Add(ref products, (nuint)(uint)first * stride);
            if (some <= 2)
            {
                MultiplyTwo(ref query, ref rows, apart, length, out TFloat sums0, out TFloat sums1);
                Store(sums0, ref own, share);
                if (some == 2)
                {
                    Store(sums1, ref Unsafe.Add(ref own, stride), share);
                }
            }
            else
            {
                MultiplyFour(ref query, ref rows, apart, length, out TFloat sums0, out TFloat sums1, out TFloat sums2, out TFloat sums3);
                Store(sums0, ref own, share);
                Store(sums1, ref Unsafe.Add(ref own, stride), share);
                Store(sums2, ref Unsafe.Add(ref own, 2 * stride), share);
                if (some == 4)
                {
                    Store(sums3, ref Unsafe.Add(ref own, 3 * stride), share);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyTwo(ref float query, ref float rows, nuint apart, nuint length, out TFloat sums0, out TFloat sums1)
    {
        TFloat s0 = TSimd.Broadcast(0f), s1 = s0;
        nuint d = 0;
        for (; d + 4 <= length; d += 4)
        {
            TSimd.LoadColumns(in Unsafe.Add(ref rows, d), apart, out TFloat c0, out TFloat c1, out TFloat c2, out TFloat c3);
            ref float q = ref Unsafe.Add(ref query, d * (nuint)TTile.Queries);
            AddTwo(ref q, c0, ref s0, ref s1);
            AddTwo(ref Unsafe.Add(ref q, TTile.Queries), c1, ref s0, ref s1);
            AddTwo(ref Unsafe.Add(ref q, 2 * TTile.Queries), c2, ref s0, ref s1);
            AddTwo(ref Unsafe.Add(ref q, 3 * TTile.Queries), c3, ref s0, ref s1);
        }

        // Calls follow only now: no register outlives one, and the loop's sums would go through memory.
        (sums0, sums1) = (s0, s1);
        for (; d < length; d++)
        {
            AddTwo(ref Unsafe.Add(ref query, d * (nuint)TTile.Queries), LoadColumn(ref Unsafe.Add(ref rows, d), apart), ref sums0, ref sums1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyFour(
        ref float query, ref float rows, nuint apart, nuint length, out TFloat sums0, out TFloat sums1, out TFloat sums2, out TFloat sums3)
    {
        TFloat s0 = TSimd.Broadcast(0f), s1 = s0, s2 = s0, s3 = s0;
        nuint d = 0;
        for (; d + 4 <= length; d += 4)
        {
            TSimd.LoadColumns(in Unsafe.Add(ref rows, d), apart, out TFloat c0, out TFloat c1, out TFloat c2, out TFloat c3);
            ref float q = ref Unsafe.Add(ref query, d * (nuint)TTile.Queries);
            AddFour(ref q, c0, ref s0, ref s1, ref s2, ref s3);
            AddFour(ref Unsafe.Add(ref q, TTile.Queries), c1, ref s0, ref s1, ref s2, ref s3);
            AddFour(ref Unsafe.Add(ref q, 2 * TTile.Queries), c2, ref s0, ref s1, ref s2, ref s3);
            AddFour(ref Unsafe.Add(ref q, 3 * TTile.Queries), c3, ref s0, ref s1, ref s2, ref s3);
        }

        (sums0, sums1, sums2, sums3) = (s0, s1, s2, s3);
        for (; d < length; d++)
        {
            AddFour(
                ref Unsafe.Add(ref query, d * (nuint)TTile.Queries), LoadColumn(ref Unsafe.Add(ref rows, d), apart), ref sums0, ref sums1, ref sums2, ref sums3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTwo(ref float components, TFloat column, ref TFloat s0, ref TFloat s1)
    {
        s0 = TSimd.MultiplyAdd(TSimd.Broadcast(components), column, s0);
        s1 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref components, 1)), column, s1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddFour(ref float components, TFloat column, ref TFloat s0, ref TFloat s1, ref TFloat s2, ref TFloat s3)
    {
        AddTwo(ref components, column, ref s0, ref s1);
        s2 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref components, 2)), column, s2);
        s3 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref components, 3)), column, s3);
    }

    // One component of each lane's row.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TFloat LoadColumn(ref float rows, nuint apart)
    {
        Span<float> column = stackalloc float[TSimd.Width];
        for (int lane = 0; lane < column.Length; lane++)
        {
            column[lane] = Unsafe.Add(ref rows, (nuint)(uint)lane * apart);
        }

        return TSimd.Load(in column[0], 0);
    }

    private static void Store(TFloat sums, ref float products, nuint share)
    {
        Span<float> lanes = stackalloc float[TSimd.Width];
        TSimd.Store(sums, ref lanes[0], 0);
        for (int lane = 0; lane < lanes.Length; lane++)
        {
            Unsafe.Add(ref products, (nuint)(uint)lane * share) = lanes[lane];
        }
    }
}

/// <summary>What few means.</summary>
internal static class FewQueries
{
    /// <summary>How many queries are multiplied with rows while these are in registers; for the next so many the rows are in the nearest cache.</summary>
    public const int AtOnce = 4;

    /// <summary>With more queries it pays to pack rows into panels.</summary>
    public const int Most = 3 * AtOnce;
}
