using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ZeroShotCir.Kernels;

/// <summary>512 bits: one accumulator holds the sixteen canonical lanes of a row.</summary>
internal readonly struct Dot512 : IDotKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector128<float> Score(
        ref readonly float query, ref readonly float row0, ref readonly float row1, ref readonly float row2, ref readonly float row3, int dimensions)
    {
        if (dimensions < CanonicalScore.Lanes)
        {
            return CanonicalScore.ScoreShort(in query, in row0, in row1, in row2, in row3, dimensions);
        }

        Vector512<float> sum0 = Vector512<float>.Zero, sum1 = sum0, sum2 = sum0, sum3 = sum0;
        nuint whole = (nuint)(uint)dimensions & ~(nuint)15;
        for (nuint d = 0; d < whole; d += 16)
        {
            Vector512<float> q = Vector512.LoadUnsafe(in query, d);
            sum0 = Vector512.FusedMultiplyAdd(q, Vector512.LoadUnsafe(in row0, d), sum0);
            sum1 = Vector512.FusedMultiplyAdd(q, Vector512.LoadUnsafe(in row1, d), sum1);
            sum2 = Vector512.FusedMultiplyAdd(q, Vector512.LoadUnsafe(in row2, d), sum2);
            sum3 = Vector512.FusedMultiplyAdd(q, Vector512.LoadUnsafe(in row3, d), sum3);
        }

        if (whole < (uint)dimensions)
        {
            nuint last = (uint)dimensions - 16;
            Vector512<float> q = Vector512.LoadUnsafe(in query, whole);
            sum0 = Vector512.FusedMultiplyAdd(q, Vector512.LoadUnsafe(in row0, last), sum0);
            sum1 = Vector512.FusedMultiplyAdd(q, Vector512.LoadUnsafe(in row1, last), sum1);
            sum2 = Vector512.FusedMultiplyAdd(q, Vector512.LoadUnsafe(in row2, last), sum2);
            sum3 = Vector512.FusedMultiplyAdd(q, Vector512.LoadUnsafe(in row3, last), sum3);
        }

        return CanonicalScore.AddLanes(Fold(sum0), Fold(sum1), Fold(sum2), Fold(sum3));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector128<int> Multiply(
        ref readonly short query, ref readonly sbyte row0, ref readonly sbyte row1, ref readonly sbyte row2, ref readonly sbyte row3, int dimensions)
    {
        if (!Avx512BW.IsSupported)
        {
            return Dot256.Multiply(in query, in row0, in row1, in row2, in row3, dimensions);
        }

        if (dimensions < CodeProduct.Step)
        {
            return CodeProduct.MultiplyShort(in query, in row0, in row1, in row2, in row3, dimensions);
        }

        Vector512<int> sum0 = Vector512<int>.Zero, sum1 = sum0, sum2 = sum0, sum3 = sum0;
        nuint whole = (nuint)(uint)dimensions & ~(nuint)31;
        for (nuint d = 0; d < whole; d += 32)
        {
            Vector512<short> q = Vector512.LoadUnsafe(in query, d);
            sum0 += Avx512BW.MultiplyAddAdjacent(q, Widen(in row0, d));
            sum1 += Avx512BW.MultiplyAddAdjacent(q, Widen(in row1, d));
            sum2 += Avx512BW.MultiplyAddAdjacent(q, Widen(in row2, d));
            sum3 += Avx512BW.MultiplyAddAdjacent(q, Widen(in row3, d));
        }

        if (whole < (uint)dimensions)
        {
            nuint last = (uint)dimensions - 32;
            Vector512<short> q = Vector512.LoadUnsafe(in query, whole);
            sum0 += Avx512BW.MultiplyAddAdjacent(q, Widen(in row0, last));
            sum1 += Avx512BW.MultiplyAddAdjacent(q, Widen(in row1, last));
            sum2 += Avx512BW.MultiplyAddAdjacent(q, Widen(in row2, last));
            sum3 += Avx512BW.MultiplyAddAdjacent(q, Widen(in row3, last));
        }

        return CodeProduct.AddLanes(Fold(sum0), Fold(sum1), Fold(sum2), Fold(sum3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Widen(ref readonly sbyte row, nuint d)
        => Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(in row, d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> Fold<T>(Vector512<T> sum)
    {
        Vector256<T> half = sum.GetLower() + sum.GetUpper();
        return half.GetLower() + half.GetUpper();
    }
}
