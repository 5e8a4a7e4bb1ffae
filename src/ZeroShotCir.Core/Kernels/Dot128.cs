using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ZeroShotCir.Kernels;

/// <summary>128 bits: four accumulators hold the sixteen canonical lanes of a row.</summary>
internal readonly struct Dot128 : IDotKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector128<float> Score(
        ref readonly float query, ref readonly float row0, ref readonly float row1, ref readonly float row2, ref readonly float row3, int dimensions)
    {
        if (dimensions < CanonicalScore.Lanes)
        {
            return CanonicalScore.ScoreShort(in query, in row0, in row1, in row2, in row3, dimensions);
        }

        return CanonicalScore.AddLanes(
            Lanes(in query, in row0, (uint)dimensions), Lanes(in query, in row1, (uint)dimensions),
            Lanes(in query, in row2, (uint)dimensions), Lanes(in query, in row3, (uint)dimensions));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector128<int> Multiply(
        ref readonly short query, ref readonly sbyte row0, ref readonly sbyte row1, ref readonly sbyte row2, ref readonly sbyte row3, int dimensions)
    {
        if (dimensions < CodeProduct.Step)
        {
            return CodeProduct.MultiplyShort(in query, in row0, in row1, in row2, in row3, dimensions);
        }

        Vector128<int> sum0 = Vector128<int>.Zero, sum1 = sum0, sum2 = sum0, sum3 = sum0;
        nuint whole = (nuint)(uint)dimensions & ~(nuint)31;
        for (nuint d = 0; d < whole; d += 16)
        {
            AddProducts(in query, d, in row0, in row1, in row2, in row3, d, ref sum0, ref sum1, ref sum2, ref sum3);
        }

        if (whole < (uint)dimensions)
        {
            nuint last = (uint)dimensions - 32;
            AddProducts(in query, whole, in row0, in row1, in row2, in row3, last, ref sum0, ref sum1, ref sum2, ref sum3);
            AddProducts(in query, whole + 16, in row0, in row1, in row2, in row3, last + 16, ref sum0, ref sum1, ref sum2, ref sum3);
        }

        return CodeProduct.AddLanes(sum0, sum1, sum2, sum3);
    }

    // Row by row: sixteen registers do not hold four rows of four accumulators, and a call per row costs less than spilling.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector128<float> Lanes(ref readonly float query, ref readonly float row, nuint dimensions)
    {
        Vector128<float> sum0 = Vector128<float>.Zero, sum1 = sum0, sum2 = sum0, sum3 = sum0;
        nuint whole = dimensions & ~(nuint)15;
        for (nuint d = 0; d < whole; d += 16)
        {
            sum0 = Vector128.FusedMultiplyAdd(Vector128.LoadUnsafe(in query, d), Vector128.LoadUnsafe(in row, d), sum0);
            sum1 = Vector128.FusedMultiplyAdd(Vector128.LoadUnsafe(in query, d + 4), Vector128.LoadUnsafe(in row, d + 4), sum1);
            sum2 = Vector128.FusedMultiplyAdd(Vector128.LoadUnsafe(in query, d + 8), Vector128.LoadUnsafe(in row, d + 8), sum2);
            sum3 = Vector128.FusedMultiplyAdd(Vector128.LoadUnsafe(in query, d + 12), Vector128.LoadUnsafe(in row, d + 12), sum3);
        }

        if (whole < dimensions)
        {
            nuint last = dimensions - 16;
            sum0 = Vector128.FusedMultiplyAdd(Vector128.LoadUnsafe(in query, whole), Vector128.LoadUnsafe(in row, last), sum0);
            sum1 = Vector128.FusedMultiplyAdd(Vector128.LoadUnsafe(in query, whole + 4), Vector128.LoadUnsafe(in row, last + 4), sum1);
            sum2 = Vector128.FusedMultiplyAdd(Vector128.LoadUnsafe(in query, whole + 8), Vector128.LoadUnsafe(in row, last + 8), sum2);
            sum3 = Vector128.FusedMultiplyAdd(Vector128.LoadUnsafe(in query, whole + 12), Vector128.LoadUnsafe(in row, last + 12), sum3);
        }

        return (sum0 + sum2) + (sum1 + sum3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddProducts(
        ref readonly short query, nuint q, ref readonly sbyte row0, ref readonly sbyte row1, ref readonly sbyte row2, ref readonly sbyte row3, nuint d,
        ref Vector128<int> sum0, ref Vector128<int> sum1, ref Vector128<int> sum2, ref Vector128<int> sum3)
    {
        Vector128<short> low = Vector128.LoadUnsafe(in query, q), high = Vector128.LoadUnsafe(in query, q + 8);
        sum0 += Products(low, high, Vector128.LoadUnsafe(in row0, d));
        sum1 += Products(low, high, Vector128.LoadUnsafe(in row1, d));
        sum2 += Products(low, high, Vector128.LoadUnsafe(in row2, d));
        sum3 += Products(low, high, Vector128.LoadUnsafe(in row3, d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Products(Vector128<short> low, Vector128<short> high, Vector128<sbyte> codes)
        => Simd128.MultiplyAddPairs(low, Vector128.WidenLower(codes)) + Simd128.MultiplyAddPairs(high, Vector128.WidenUpper(codes));
}
