using System.Runtime.CompilerServices;

namespace ZeroShotCir.Kernels;

/// <summary>Pairs of eight queries × three vectors of rows: 24 accumulators, for 32 registers.</summary>
/// <remarks>Per pair three loads, eight broadcasts and 24 multiply-adds.</remarks>
/// <typeparam name="TSimd">The operations.</typeparam>
/// <typeparam name="TFloat">Their vector of floats.</typeparam>
/// <typeparam name="TInt">Their vector of ints.</typeparam>
internal readonly struct PairTile8x3<TSimd, TFloat, TInt> : ITile<int>
    where TSimd : struct, ISimd<TFloat, TInt>
    where TFloat : struct
    where TInt : struct
{
    public static int Queries => 8;

    public static int Rows => 3 * TSimd.Width;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ref readonly int queries, ref readonly int rows, int depth, ref int products, nuint stride)
    {
        TInt s00 = TSimd.Broadcast(0), s01 = s00, s02 = s00;
        TInt s10 = s00, s11 = s00, s12 = s00;
        TInt s20 = s00, s21 = s00, s22 = s00;
        TInt s30 = s00, s31 = s00, s32 = s00;
        TInt s40 = s00, s41 = s00, s42 = s00;
        TInt s50 = s00, s51 = s00, s52 = s00;
        TInt s60 = s00, s61 = s00, s62 = s00;
        TInt s70 = s00, s71 = s00, s72 = s00;
        nuint width = (nuint)TSimd.Width, column = 0, end = (nuint)(uint)depth * 8;
        for (nuint row = 0; column < end; row += 3 * width, column += 8)
        {
            TInt r0 = TSimd.Load(in rows, row), r1 = TSimd.Load(in rows, row + width), r2 = TSimd.Load(in rows, row + (2 * width));
            TInt q = TSimd.Broadcast(At(in queries, column));
            s00 = TSimd.AddPairs(s00, q, r0);
            s01 = TSimd.AddPairs(s01, q, r1);
            s02 = TSimd.AddPairs(s02, q, r2);
            q = TSimd.Broadcast(At(in queries, column + 1));
            s10 = TSimd.AddPairs(s10, q, r0);
            s11 = TSimd.AddPairs(s11, q, r1);
            s12 = TSimd.AddPairs(s12, q, r2);
            q = TSimd.Broadcast(At(in queries, column + 2));
            s20 = TSimd.AddPairs(s20, q, r0);
            s21 = TSimd.AddPairs(s21, q, r1);
            s22 = TSimd.AddPairs(s22, q, r2);
            q = TSimd.Broadcast(At(in queries, column + 3));
            s30 = TSimd.AddPairs(s30, q, r0);
            s31 = TSimd.AddPairs(s31, q, r1);
            s32 = TSimd.AddPairs(s32, q, r2);
            q = TSimd.Broadcast(At(in queries, column + 4));
            s40 = TSimd.AddPairs(s40, q, r0);
            s41 = TSimd.AddPairs(s41, q, r1);
            s42 = TSimd.AddPairs(s42, q, r2);
            q = TSimd.Broadcast(At(in queries, column + 5));
            s50 = TSimd.AddPairs(s50, q, r0);
            s51 = TSimd.AddPairs(s51, q, r1);
            s52 = TSimd.AddPairs(s52, q, r2);
            q = TSimd.Broadcast(At(in queries, column + 6));
            s60 = TSimd.AddPairs(s60, q, r0);
            s61 = TSimd.AddPairs(s61, q, r1);
            s62 = TSimd.AddPairs(s62, q, r2);
            q = TSimd.Broadcast(At(in queries, column + 7));
            s70 = TSimd.AddPairs(s70, q, r0);
            s71 = TSimd.AddPairs(s71, q, r1);
            s72 = TSimd.AddPairs(s72, q, r2);
        }

        Store(ref products, s00, s01, s02);
        Store(ref Unsafe.Add(ref products, stride), s10, s11, s12);
        Store(ref Unsafe.Add(ref products, 2 * stride), s20, s21, s22);
        Store(ref Unsafe.Add(ref products, 3 * stride), s30, s31, s32);
        Store(ref Unsafe.Add(ref products, 4 * stride), s40, s41, s42);
        Store(ref Unsafe.Add(ref products, 5 * stride), s50, s51, s52);
        Store(ref Unsafe.Add(ref products, 6 * stride), s60, s61, s62);
        Store(ref Unsafe.Add(ref products, 7 * stride), s70, s71, s72);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int At(ref readonly int source, nuint index) => Unsafe.Add(ref Unsafe.AsRef(in source), index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref int products, TInt first, TInt second, TInt third)
    {
        nuint width = (nuint)TSimd.Width;
        TSimd.Store(first, ref products, 0);
        TSimd.Store(second, ref products, width);
        TSimd.Store(third, ref products, 2 * width);
    }
}
