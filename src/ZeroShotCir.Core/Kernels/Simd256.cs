using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ZeroShotCir.Kernels;

/// <summary>256 bits.</summary>
internal readonly struct Simd256 : ISimd<Vector256<float>, Vector256<int>>
{
    public static int Width => Vector256<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(ref readonly float source, nuint index) => Vector256.LoadUnsafe(in source, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadColumns(
        ref readonly float rows, nuint length, out Vector256<float> column0, out Vector256<float> column1, out Vector256<float> column2, out Vector256<float> column3)
    {
        ref readonly float upper = ref Unsafe.Add(ref Unsafe.AsRef(in rows), 4 * length);
        if (Avx.IsSupported)
        {
            // Row n in the lower half, row n + 4 in the upper one: each half is then turned by itself, as operations on halves do.
            Vector256<float> r0 = Halves(in rows, in upper, 0), r1 = Halves(in rows, in upper, length);
            Vector256<float> r2 = Halves(in rows, in upper, 2 * length), r3 = Halves(in rows, in upper, 3 * length);
            Vector256<float> t0 = Avx.UnpackLow(r0, r2), t1 = Avx.UnpackHigh(r0, r2), t2 = Avx.UnpackLow(r1, r3), t3 = Avx.UnpackHigh(r1, r3);
            column0 = Avx.UnpackLow(t0, t2);
            column1 = Avx.UnpackHigh(t0, t2);
            column2 = Avx.UnpackLow(t1, t3);
            column3 = Avx.UnpackHigh(t1, t3);
            return;
        }

        Simd128.LoadColumns(in rows, length, out Vector128<float> l0, out Vector128<float> l1, out Vector128<float> l2, out Vector128<float> l3);
        Simd128.LoadColumns(in upper, length, out Vector128<float> u0, out Vector128<float> u1, out Vector128<float> u2, out Vector128<float> u3);
        (column0, column1, column2, column3) = (Vector256.Create(l0, u0), Vector256.Create(l1, u1), Vector256.Create(l2, u2), Vector256.Create(l3, u3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(ref readonly int source, nuint index) => Vector256.LoadUnsafe(in source, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast(int value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> value, ref float destination, nuint index) => value.StoreUnsafe(ref destination, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> value, ref int destination, nuint index) => value.StoreUnsafe(ref destination, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> left, Vector256<float> right, Vector256<float> addend)
        => Vector256.FusedMultiplyAdd(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> AddPairs(Vector256<int> addend, Vector256<int> left, Vector256<int> right)
        => addend + MultiplyAddPairs(left.AsInt16(), right.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> ToPairs(Vector256<float> low, Vector256<float> high)
    {
        // In this binade the last bit of a float is worth 1, so the addition rounds.
        Vector256<float> magic = Vector256.Create(PanelScaling.RoundingMagic);
        Vector256<int> lows = (low + magic).AsInt32() - magic.AsInt32(), highs = (high + magic).AsInt32() - magic.AsInt32();
        return (lows & Vector256.Create(0xFFFF)) | (highs << 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ToFloat(Vector256<int> value) => Vector256.ConvertToSingle(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong NotLess(Vector256<float> value, Vector256<float> bound)
        => (~Vector256.LessThan(value, bound)).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Multiply(Vector256<float> left, Vector256<float> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Halves(ref readonly float lower, ref readonly float upper, nuint index)
        => Vector256.Create(Vector128.LoadUnsafe(in lower, index), Vector128.LoadUnsafe(in upper, index));

    /// <summary>The sum of the two int16 products in each int.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAddPairs(Vector256<short> left, Vector256<short> right)
        => Avx2.IsSupported
            ? Avx2.MultiplyAddAdjacent(left, right)
            : Vector256.Create(
                Simd128.MultiplyAddPairs(left.GetLower(), right.GetLower()), Simd128.MultiplyAddPairs(left.GetUpper(), right.GetUpper()));
}
