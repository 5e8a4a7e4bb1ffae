using System.Runtime.CompilerServices;

namespace ZeroShotCir.Kernels;

/// <summary>
/// All products of a few queries with rows as they stand in memory: rows are turned into columns in registers. For so few products it
/// would take longer to pack the rows into panels and read them again than to multiply them.
/// </summary>
/// <remarks>Each product is the chain of <see cref="ITile"/>, to the bit.</remarks>
/// <typeparam name="TTile">Says how queries are packed.</typeparam>
/// <typeparam name="TSimd">The operations on vectors.</typeparam>
/// <typeparam name="TFloat">A vector of floats.</typeparam>
/// <typeparam name="TInt">A vector of ints.</typeparam>
internal static class FewQueries<TTile, TSimd, TFloat, TInt>
    where TTile : struct, ITile
    where TSimd : struct, ISimd<TFloat, TInt>
    where TFloat : struct
    where TInt : struct
{
    // Floats in a cache line.
    private const int Line = 16;

    /// <summary>How many rows are multiplied at a time: two vectors of them, so that one chain of additions does not wait for itself.</summary>
    public static int Rows => 2 * TSimd.Width;

    /// <summary>Multiplies a panel of queries, of which at most <see cref="FewQueries.Most"/> count, with rows.</summary>
    /// <param name="queries">The queries' panel.</param>
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
        for (int start = 0; start < rowCount; start += Rows)
        {
            // The last rows are taken together with some that were multiplied before: the same products again.
            nuint first = (uint)Math.Min(start, rowCount - Rows);
            ref float own = ref Unsafe.Add(ref rows, first * length);
            if (count <= 2)
            {
                MultiplyTwo(ref queries, ref own, length, ref Unsafe.Add(ref products, first), count == 1 ? 0 : stride);
            }
            else
            {
                MultiplyFour(ref queries, ref own, length, ref Unsafe.Add(ref products, first), stride, count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyTwo(ref float query, ref float rows, nuint length, ref float products, nuint stride)
    {
        ref float others = ref Unsafe.Add(ref rows, (nuint)TSimd.Width * length);
        TFloat s00 = TSimd.Broadcast(0f), s01 = s00, s10 = s00, s11 = s00;
        nuint d = 0;
        for (; d + Line <= length; d += Line)
        {
            // Whole lines of half of the rows: many rows lie a power of two apart, and no cache keeps the lines of all of them.
            AskForNext(ref rows, length, d);
            for (nuint i = d; i < d + Line; i += 4)
            {
                AddTwo(ref query, ref rows, length, i, ref s00, ref s10);
            }

            for (nuint i = d; i < d + Line; i += 4)
            {
                AddTwo(ref query, ref others, length, i, ref s01, ref s11);
            }
        }

        for (; d + 4 <= length; d += 4)
        {
            AddTwo(ref query, ref rows, length, d, ref s00, ref s10);
            AddTwo(ref query, ref others, length, d, ref s01, ref s11);
        }

        for (; d < length; d++)
        {
            TFloat column = Column(ref Unsafe.Add(ref rows, d), length), other = Column(ref Unsafe.Add(ref others, d), length);
            s00 = TSimd.MultiplyAdd(Component(ref query, 0, d), column, s00);
            s01 = TSimd.MultiplyAdd(Component(ref query, 0, d), other, s01);
            s10 = TSimd.MultiplyAdd(Component(ref query, 1, d), column, s10);
            s11 = TSimd.MultiplyAdd(Component(ref query, 1, d), other, s11);
        }

        // Without a second query the first one's products are written over what is no product.
        Store(ref products, stride, s10, s11);
        Store(ref products, 0, s00, s01);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyFour(ref float query, ref float rows, nuint length, ref float products, nuint stride, int count)
    {
        ref float others = ref Unsafe.Add(ref rows, (nuint)TSimd.Width * length);
        TFloat s00 = TSimd.Broadcast(0f), s01 = s00, s10 = s00, s11 = s00;
        TFloat s20 = s00, s21 = s00, s30 = s00, s31 = s00;
        nuint d = 0;
        for (; d + Line <= length; d += Line)
        {
            AskForNext(ref rows, length, d);
            for (nuint i = d; i < d + Line; i += 4)
            {
                AddFour(ref query, ref rows, length, i, ref s00, ref s10, ref s20, ref s30);
            }

            for (nuint i = d; i < d + Line; i += 4)
            {
                AddFour(ref query, ref others, length, i, ref s01, ref s11, ref s21, ref s31);
            }
        }

        for (; d + 4 <= length; d += 4)
        {
            AddFour(ref query, ref rows, length, d, ref s00, ref s10, ref s20, ref s30);
            AddFour(ref query, ref others, length, d, ref s01, ref s11, ref s21, ref s31);
        }

        for (; d < length; d++)
        {
            TFloat column = Column(ref Unsafe.Add(ref rows, d), length), other = Column(ref Unsafe.Add(ref others, d), length);
            AddColumn(ref query, d, column, ref s00, ref s10, ref s20, ref s30);
            AddColumn(ref query, d, other, ref s01, ref s11, ref s21, ref s31);
        }

        if (count == 4)
        {
            Store(ref products, 3 * stride, s30, s31);
        }

        Store(ref products, 2 * stride, s20, s21);
        Store(ref products, stride, s10, s11);
        Store(ref products, 0, s00, s01);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTwo(ref float query, ref float rows, nuint length, nuint d, ref TFloat s0, ref TFloat s1)
    {
        TSimd.LoadColumns(in Unsafe.Add(ref rows, d), length, out TFloat c0, out TFloat c1, out TFloat c2, out TFloat c3);
        s0 = TSimd.MultiplyAdd(Component(ref query, 0, d), c0, s0);
        s1 = TSimd.MultiplyAdd(Component(ref query, 1, d), c0, s1);
        s0 = TSimd.MultiplyAdd(Component(ref query, 0, d + 1), c1, s0);
        s1 = TSimd.MultiplyAdd(Component(ref query, 1, d + 1), c1, s1);
        s0 = TSimd.MultiplyAdd(Component(ref query, 0, d + 2), c2, s0);
        s1 = TSimd.MultiplyAdd(Component(ref query, 1, d + 2), c2, s1);
        s0 = TSimd.MultiplyAdd(Component(ref query, 0, d + 3), c3, s0);
        s1 = TSimd.MultiplyAdd(Component(ref query, 1, d + 3), c3, s1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddFour(ref float query, ref float rows, nuint length, nuint d, ref TFloat s0, ref TFloat s1, ref TFloat s2, ref TFloat s3)
    {
        TSimd.LoadColumns(in Unsafe.Add(ref rows, d), length, out TFloat c0, out TFloat c1, out TFloat c2, out TFloat c3);
        AddColumn(ref query, d, c0, ref s0, ref s1, ref s2, ref s3);
        AddColumn(ref query, d + 1, c1, ref s0, ref s1, ref s2, ref s3);
        AddColumn(ref query, d + 2, c2, ref s0, ref s1, ref s2, ref s3);
        AddColumn(ref query, d + 3, c3, ref s0, ref s1, ref s2, ref s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddColumn(ref float query, nuint d, TFloat column, ref TFloat s0, ref TFloat s1, ref TFloat s2, ref TFloat s3)
    {
        s0 = TSimd.MultiplyAdd(Component(ref query, 0, d), column, s0);
        s1 = TSimd.MultiplyAdd(Component(ref query, 1, d), column, s1);
        s2 = TSimd.MultiplyAdd(Component(ref query, 2, d), column, s2);
        s3 = TSimd.MultiplyAdd(Component(ref query, 3, d), column, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat Component(ref float queries, nuint query, nuint d) => TSimd.Broadcast(Unsafe.Add(ref queries, (d * (nuint)TTile.Queries) + query));

    // One component of each row.
    private static TFloat Column(ref float rows, nuint length)
    {
        Span<float> column = stackalloc float[Line];
        for (int row = 0; row < TSimd.Width; row++)
        {
            column[row] = Unsafe.Add(ref rows, (nuint)(uint)row * length);
        }

        return TSimd.Load(in column[0], 0);
    }

    // Rows are read a line here and a line there, which prefetchers do not see through. The next rows are asked for in their order.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AskForNext(ref float rows, nuint length, nuint d)
    {
        ref byte first = ref Unsafe.As<float, byte>(ref rows);
        int ahead = Rows * (int)(length + d) * sizeof(float);
        for (int i = 0; i < Rows; i++)
        {
            Prefetch.Line(in first, ahead + (i * Line * sizeof(float)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref float products, nuint start, TFloat first, TFloat second)
    {
        TSimd.Store(first, ref products, start);
        TSimd.Store(second, ref products, start + (nuint)TSimd.Width);
    }
}

/// <summary>What few means.</summary>
internal static class FewQueries
{
    /// <summary>With more queries rows are packed into panels.</summary>
    public const int Most = 4;
}
