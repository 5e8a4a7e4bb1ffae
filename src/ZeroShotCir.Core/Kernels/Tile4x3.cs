using System.Runtime.CompilerServices;

namespace ZeroShotCir.Kernels;

/// <summary>Four queries × three vectors of rows: 12 accumulators, for 16 registers.</summary>
/// <remarks>Per component three loads, four broadcasts and 12 multiply-adds.</remarks>
/// <typeparam name="TSimd">The operations.</typeparam>
/// <typeparam name="TFloat">Their vector of floats.</typeparam>
/// <typeparam name="TInt">Their vector of ints.</typeparam>
internal readonly struct Tile4x3<TSimd, TFloat, TInt> : ITile<float>
    where TSimd : struct, ISimd<TFloat, TInt>
    where TFloat : struct
    where TInt : struct
{
    public static int Queries => 4;

    public static int Rows => 3 * TSimd.Width;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ref readonly float queries, ref readonly float rows, int depth, ref float products, nuint stride)
    {
        TFloat s00 = TSimd.Broadcast(0f), s01 = s00, s02 = s00;
        TFloat s10 = s00, s11 = s00, s12 = s00;
        TFloat s20 = s00, s21 = s00, s22 = s00;
        TFloat s30 = s00, s31 = s00, s32 = s00;
        nuint width = (nuint)TSimd.Width, column = 0, end = (nuint)(uint)depth * 4;
        for (nuint row = 0; column < end; row += 3 * width, column += 4)
        {
            TFloat r0 = TSimd.Load(in rows, row), r1 = TSimd.Load(in rows, row + width), r2 = TSimd.Load(in rows, row + (2 * width));
            TFloat q = TSimd.Broadcast(At(in queries, column));
            s00 = TSimd.MultiplyAdd(q, r0, s00);
            s01 = TSimd.MultiplyAdd(q, r1, s01);
            s02 = TSimd.MultiplyAdd(q, r2, s02);
            q = TSimd.Broadcast(At(in queries, column + 1));
            s10 = TSimd.MultiplyAdd(q, r0, s10);
            s11 = TSimd.MultiplyAdd(q, r1, s11);
            s12 = TSimd.MultiplyAdd(q, r2, s12);
            q = TSimd.Broadcast(At(in queries, column + 2));
            s20 = TSimd.MultiplyAdd(q, r0, s20);
            s21 = TSimd.MultiplyAdd(q, r1, s21);
            s22 = TSimd.MultiplyAdd(q, r2, s22);
            q = TSimd.Broadcast(At(in queries, column + 3));
            s30 = TSimd.MultiplyAdd(q, r0, s30);
            s31 = TSimd.MultiplyAdd(q, r1, s31);
            s32 = TSimd.MultiplyAdd(q, r2, s32);
        }

        Store(ref products, s00, s01, s02);
        Store(ref Unsafe.Add(ref products, stride), s10, s11, s12);
        Store(ref Unsafe.Add(ref products, 2 * stride), s20, s21, s22);
        Store(ref Unsafe.Add(ref products, 3 * stride), s30, s31, s32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float At(ref readonly float source, nuint index) => Unsafe.Add(ref Unsafe.AsRef(in source), index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref float products, TFloat first, TFloat second, TFloat third)
    {
        nuint width = (nuint)TSimd.Width;
        TSimd.Store(first, ref products, 0);
        TSimd.Store(second, ref products, width);
        TSimd.Store(third, ref products, 2 * width);
    }
}
