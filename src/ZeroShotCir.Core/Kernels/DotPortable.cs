using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ZeroShotCir.Kernels;

/// <summary><see cref="Vector{T}"/> of 4, 8 or 16 floats: lane groups one after the other, since their number is not known when compiling.</summary>
internal readonly struct DotPortable : IDotKernel
{
    public static Vector128<float> Score(
        ref readonly float query, ref readonly float row0, ref readonly float row1, ref readonly float row2, ref readonly float row3, int dimensions)
    {
        if (dimensions < CanonicalScore.Lanes)
        {
            return CanonicalScore.ScoreShort(in query, in row0, in row1, in row2, in row3, dimensions);
        }

        if (Vector<float>.Count > CanonicalScore.Lanes)
        {
            return Dot128.Score(in query, in row0, in row1, in row2, in row3, dimensions);
        }

        return CanonicalScore.AddLanes(
            Lanes(in query, in row0, (uint)dimensions), Lanes(in query, in row1, (uint)dimensions),
            Lanes(in query, in row2, (uint)dimensions), Lanes(in query, in row3, (uint)dimensions));
    }

    public static Vector128<int> Multiply(
        ref readonly short query, ref readonly sbyte row0, ref readonly sbyte row1, ref readonly sbyte row2, ref readonly sbyte row3, int dimensions)
    {
        if (dimensions < CodeProduct.Step)
        {
            return CodeProduct.MultiplyShort(in query, in row0, in row1, in row2, in row3, dimensions);
        }

        if (Vector<sbyte>.Count > CodeProduct.Step)
        {
            return Dot128.Multiply(in query, in row0, in row1, in row2, in row3, dimensions);
        }

        return Vector128.Create(
            Multiply(in query, in row0, (uint)dimensions), Multiply(in query, in row1, (uint)dimensions),
            Multiply(in query, in row2, (uint)dimensions), Multiply(in query, in row3, (uint)dimensions));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector128<float> Lanes(ref readonly float query, ref readonly float row, nuint dimensions)
    {
        Span<float> lanes = stackalloc float[CanonicalScore.Lanes];
        nuint whole = dimensions & ~(nuint)15;
        for (nuint group = 0; group < CanonicalScore.Lanes; group += (nuint)Vector<float>.Count)
        {
            Vector<float> sum = Vector<float>.Zero;
            for (nuint d = group; d < whole; d += CanonicalScore.Lanes)
            {
                sum = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(in query, d), Vector.LoadUnsafe(in row, d), sum);
            }

            if (whole < dimensions)
            {
                sum = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(in query, whole + group), Vector.LoadUnsafe(in row, dimensions - CanonicalScore.Lanes + group), sum);
            }

            sum.StoreUnsafe(ref lanes[0], group);
        }

        ref float first = ref lanes[0];
        return (Vector128.LoadUnsafe(in first) + Vector128.LoadUnsafe(in first, 8))
            + (Vector128.LoadUnsafe(in first, 4) + Vector128.LoadUnsafe(in first, 12));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Multiply(ref readonly short query, ref readonly sbyte row, nuint dimensions)
    {
        Vector<int> sum = Vector<int>.Zero;
        nuint whole = dimensions & ~(nuint)31;
        for (nuint d = 0; d < whole; d += (nuint)Vector<sbyte>.Count)
        {
            sum += Products(in query, d, in row, d);
        }

        for (nuint d = 0; whole < dimensions && d < 32; d += (nuint)Vector<sbyte>.Count)
        {
            sum += Products(in query, whole + d, in row, dimensions - 32 + d);
        }

        return Vector.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<int> Products(ref readonly short query, nuint q, ref readonly sbyte row, nuint d)
    {
        Vector.Widen(Vector.LoadUnsafe(in row, d), out Vector<short> low, out Vector<short> high);
        return SimdPortable.MultiplyAddPairs(Vector.AsVectorInt32(Vector.LoadUnsafe(in query, q)), Vector.AsVectorInt32(low))
            + SimdPortable.MultiplyAddPairs(Vector.AsVectorInt32(Vector.LoadUnsafe(in query, q + (nuint)Vector<short>.Count)), Vector.AsVectorInt32(high));
    }
}
