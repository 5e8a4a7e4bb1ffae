using System.Runtime.CompilerServices;

namespace ZeroShotCir.Kernels;

/// <summary>Pairs of six queries × two vectors of rows: 12 accumulators, for 16 registers.</summary>
/// <remarks>Products of pairs need a register before they are added, which a third vector of rows would leave no room for.</remarks>
/// <typeparam name="TSimd">The operations.</typeparam>
/// <typeparam name="TFloat">Their vector of floats.</typeparam>
/// <typeparam name="TInt">Their vector of ints.</typeparam>
internal readonly struct PairTile6x2<TSimd, TFloat, TInt> : ITile<int>
    where TSimd : struct, ISimd<TFloat, TInt>
    where TFloat : struct
    where TInt : struct
{
    public static int Queries => 6;

    public static int Rows => 2 * TSimd.Width;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ref readonly int queries, ref readonly int rows, int depth, ref int products, nuint stride)
    {
        TInt s00 = TSimd.Broadcast(0), s01 = s00;
        TInt s10 = s00, s11 = s00;
        TInt s20 = s00, s21 = s00;
        TInt s30 = s00, s31 = s00;
        TInt s40 = s00, s41 = s00;
        TInt s50 = s00, s51 = s00;
        nuint width = (nuint)TSimd.Width, column = 0, end = (nuint)(uint)depth * 6;
        for (nuint row = 0; column < end; row += 2 * width, column += 6)
        {
            TInt r0 = TSimd.Load(in rows, row), r1 = TSimd.Load(in rows, row + width);
            TInt q = TSimd.Broadcast(At(in queries, column));
            s00 = TSimd.AddPairs(s00, q, r0);
            s01 = TSimd.AddPairs(s01, q, r1);
            q = TSimd.Broadcast(At(in queries, column + 1));
            s10 = TSimd.AddPairs(s10, q, r0);
            s11 = TSimd.AddPairs(s11, q, r1);
            q = TSimd.Broadcast(At(in queries, column + 2));
            s20 = TSimd.AddPairs(s20, q, r0);
            s21 = TSimd.AddPairs(s21, q, r1);
            q = TSimd.Broadcast(At(in queries, column + 3));
            s30 = TSimd.AddPairs(s30, q, r0);
            s31 = TSimd.AddPairs(s31, q, r1);
            q = TSimd.Broadcast(At(in queries, column + 4));
            s40 = TSimd.AddPairs(s40, q, r0);
            s41 = TSimd.AddPairs(s41, q, r1);
            q = TSimd.Broadcast(At(in queries, column + 5));
            s50 = TSimd.AddPairs(s50, q, r0);
            s51 = TSimd.AddPairs(s51, q, r1);
        }

        Store(ref products, s00, s01);
        Store(ref Unsafe.Add(ref products, stride), s10, s11);
        Store(ref Unsafe.Add(ref products, 2 * stride), s20, s21);
        Store(ref Unsafe.Add(ref products, 3 * stride), s30, s31);
        Store(ref Unsafe.Add(ref products, 4 * stride), s40, s41);
        Store(ref Unsafe.Add(ref products, 5 * stride), s50, s51);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int At(ref readonly int source, nuint index) => Unsafe.Add(ref Unsafe.AsRef(in source), index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref int products, TInt first, TInt second)
    {
        nuint width = (nuint)TSimd.Width;
        TSimd.Store(first, ref products, 0);
        TSimd.Store(second, ref products, width);
    }
}
