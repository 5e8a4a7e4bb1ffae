using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ZeroShotCir.Kernels;

/// <summary>512 bits.</summary>
internal readonly struct Simd512 : ISimd<Vector512<float>, Vector512<int>>
{
    public static int Width => Vector512<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ref readonly float source, nuint index) => Vector512.LoadUnsafe(in source, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadColumns(
        ref readonly float rows, nuint length, out Vector512<float> column0, out Vector512<float> column1, out Vector512<float> column2, out Vector512<float> column3)
    {
        ref readonly float upper = ref Unsafe.Add(ref Unsafe.AsRef(in rows), 8 * length);
        Simd256.LoadColumns(in rows, length, out Vector256<float> l0, out Vector256<float> l1, out Vector256<float> l2, out Vector256<float> l3);
        Simd256.LoadColumns(in upper, length, out Vector256<float> u0, out Vector256<float> u1, out Vector256<float> u2, out Vector256<float> u3);
        (column0, column1, column2, column3) = (Vector512.Create(l0, u0), Vector512.Create(l1, u1), Vector512.Create(l2, u2), Vector512.Create(l3, u3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load(ref readonly int source, nuint index) => Vector512.LoadUnsafe(in source, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Broadcast(int value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, ref float destination, nuint index) => value.StoreUnsafe(ref destination, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> value, ref int destination, nuint index) => value.StoreUnsafe(ref destination, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> left, Vector512<float> right, Vector512<float> addend)
        => Vector512.FusedMultiplyAdd(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> AddPairs(Vector512<int> addend, Vector512<int> left, Vector512<int> right)
        => addend + MultiplyAddPairs(left.AsInt16(), right.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> ToPairs(Vector512<float> low, Vector512<float> high)
    {
        // In this binade the last bit of a float is worth 1, so the addition rounds.
        Vector512<float> magic = Vector512.Create(PanelScaling.RoundingMagic);
        Vector512<int> lows = (low + magic).AsInt32() - magic.AsInt32(), highs = (high + magic).AsInt32() - magic.AsInt32();
        return (lows & Vector512.Create(0xFFFF)) | (highs << 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ToFloat(Vector512<int> value) => Vector512.ConvertToSingle(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong NotLess(Vector512<float> value, Vector512<float> bound)
        => (~Vector512.LessThan(value, bound)).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Multiply(Vector512<float> left, Vector512<float> right) => left * right;

    /// <summary>The sum of the two int16 products in each int.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAddPairs(Vector512<short> left, Vector512<short> right)
        => Avx512BW.IsSupported
            ? Avx512BW.MultiplyAddAdjacent(left, right)
            : Vector512.Create(
                Simd256.MultiplyAddPairs(left.GetLower(), right.GetLower()), Simd256.MultiplyAddPairs(left.GetUpper(), right.GetUpper()));
}
