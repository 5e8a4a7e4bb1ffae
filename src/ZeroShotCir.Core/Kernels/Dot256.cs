using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ZeroShotCir.Kernels;

/// <summary>256 bits: two accumulators hold the sixteen canonical lanes of a row.</summary>
internal readonly struct Dot256 : IDotKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector128<float> Score(
        ref readonly float query, ref readonly float row0, ref readonly float row1, ref readonly float row2, ref readonly float row3, int dimensions)
    {
        if (dimensions < CanonicalScore.Lanes)
        {
            return CanonicalScore.ScoreShort(in query, in row0, in row1, in row2, in row3, dimensions);
        }

        Vector256<float> low0 = Vector256<float>.Zero, low1 = low0, low2 = low0, low3 = low0;
        Vector256<float> high0 = low0, high1 = low0, high2 = low0, high3 = low0;
        nuint whole = (nuint)(uint)dimensions & ~(nuint)15;
        for (nuint d = 0; d < whole; d += 16)
        {
            Vector256<float> low = Vector256.LoadUnsafe(in query, d), high = Vector256.LoadUnsafe(in query, d + 8);
            low0 = Vector256.FusedMultiplyAdd(low, Vector256.LoadUnsafe(in row0, d), low0);
            high0 = Vector256.FusedMultiplyAdd(high, Vector256.LoadUnsafe(in row0, d + 8), high0);
            low1 = Vector256.FusedMultiplyAdd(low, Vector256.LoadUnsafe(in row1, d), low1);
            high1 = Vector256.FusedMultiplyAdd(high, Vector256.LoadUnsafe(in row1, d + 8), high1);
            low2 = Vector256.FusedMultiplyAdd(low, Vector256.LoadUnsafe(in row2, d), low2);
            high2 = Vector256.FusedMultiplyAdd(high, Vector256.LoadUnsafe(in row2, d + 8), high2);
            low3 = Vector256.FusedMultiplyAdd(low, Vector256.LoadUnsafe(in row3, d), low3);
            high3 = Vector256.FusedMultiplyAdd(high, Vector256.LoadUnsafe(in row3, d + 8), high3);
        }

        if (whole < (uint)dimensions)
        {
            nuint last = (uint)dimensions - 16;
            Vector256<float> low = Vector256.LoadUnsafe(in query, whole), high = Vector256.LoadUnsafe(in query, whole + 8);
            low0 = Vector256.FusedMultiplyAdd(low, Vector256.LoadUnsafe(in row0, last), low0);
            high0 = Vector256.FusedMultiplyAdd(high, Vector256.LoadUnsafe(in row0, last + 8), high0);
            low1 = Vector256.FusedMultiplyAdd(low, Vector256.LoadUnsafe(in row1, last), low1);
            high1 = Vector256.FusedMultiplyAdd(high, Vector256.LoadUnsafe(in row1, last + 8), high1);
            low2 = Vector256.FusedMultiplyAdd(low, Vector256.LoadUnsafe(in row2, last), low2);
            high2 = Vector256.FusedMultiplyAdd(high, Vector256.LoadUnsafe(in row2, last + 8), high2);
            low3 = Vector256.FusedMultiplyAdd(low, Vector256.LoadUnsafe(in row3, last), low3);
            high3 = Vector256.FusedMultiplyAdd(high, Vector256.LoadUnsafe(in row3, last + 8), high3);
        }

        return CanonicalScore.AddLanes(Fold(low0 + high0), Fold(low1 + high1), Fold(low2 + high2), Fold(low3 + high3));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector128<int> Multiply(
        ref readonly short query, ref readonly sbyte row0, ref readonly sbyte row1, ref readonly sbyte row2, ref readonly sbyte row3, int dimensions)
    {
        if (!Avx2.IsSupported)
        {
            return Dot128.Multiply(in query, in row0, in row1, in row2, in row3, dimensions);
        }

        if (dimensions < CodeProduct.Step)
        {
            return CodeProduct.MultiplyShort(in query, in row0, in row1, in row2, in row3, dimensions);
        }

        Vector256<int> sum0 = Vector256<int>.Zero, sum1 = sum0, sum2 = sum0, sum3 = sum0;
        nuint whole = (nuint)(uint)dimensions & ~(nuint)31;
        for (nuint d = 0; d < whole; d += 16)
        {
            Vector256<short> q = Vector256.LoadUnsafe(in query, d);
            sum0 += Avx2.MultiplyAddAdjacent(q, Widen(in row0, d));
            sum1 += Avx2.MultiplyAddAdjacent(q, Widen(in row1, d));
            sum2 += Avx2.MultiplyAddAdjacent(q, Widen(in row2, d));
            sum3 += Avx2.MultiplyAddAdjacent(q, Widen(in row3, d));
        }

        if (whole < (uint)dimensions)
        {
            nuint last = (uint)dimensions - 32;
            for (nuint d = 0; d < 32; d += 16)
            {
                Vector256<short> q = Vector256.LoadUnsafe(in query, whole + d);
                sum0 += Avx2.MultiplyAddAdjacent(q, Widen(in row0, last + d));
                sum1 += Avx2.MultiplyAddAdjacent(q, Widen(in row1, last + d));
                sum2 += Avx2.MultiplyAddAdjacent(q, Widen(in row2, last + d));
                sum3 += Avx2.MultiplyAddAdjacent(q, Widen(in row3, last + d));
            }
        }

        return CodeProduct.AddLanes(Fold(sum0), Fold(sum1), Fold(sum2), Fold(sum3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Widen(ref readonly sbyte row, nuint d)
        => Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(in row, d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> Fold<T>(Vector256<T> sum) => sum.GetLower() + sum.GetUpper();
}
