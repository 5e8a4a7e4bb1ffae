using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ZeroShotCir.Kernels;

/// <summary>128 bits.</summary>
internal readonly struct Simd128 : ISimd<Vector128<float>, Vector128<int>>
{
    public static int Width => Vector128<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(ref readonly float source, nuint index) => Vector128.LoadUnsafe(in source, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadColumns(
        ref readonly float rows, nuint length, out Vector128<float> column0, out Vector128<float> column1, out Vector128<float> column2, out Vector128<float> column3)
    {
        column0 = Vector128.LoadUnsafe(in rows);
        column1 = Vector128.LoadUnsafe(in rows, length);
        column2 = Vector128.LoadUnsafe(in rows, 2 * length);
        column3 = Vector128.LoadUnsafe(in rows, 3 * length);
        Transposition.Transpose(ref column0, ref column1, ref column2, ref column3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Load(ref readonly int source, nuint index) => Vector128.LoadUnsafe(in source, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Broadcast(float value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Broadcast(int value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, ref float destination, nuint index) => value.StoreUnsafe(ref destination, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<int> value, ref int destination, nuint index) => value.StoreUnsafe(ref destination, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> left, Vector128<float> right, Vector128<float> addend)
        => Vector128.FusedMultiplyAdd(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> AddPairs(Vector128<int> addend, Vector128<int> left, Vector128<int> right)
        => addend + MultiplyAddPairs(left.AsInt16(), right.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> ToPairs(Vector128<float> low, Vector128<float> high)
    {
        // In this binade the last bit of a float is worth 1, so the addition rounds.
        Vector128<float> magic = Vector128.Create(PanelScaling.RoundingMagic);
        Vector128<int> lows = (low + magic).AsInt32() - magic.AsInt32(), highs = (high + magic).AsInt32() - magic.AsInt32();
        return (lows & Vector128.Create(0xFFFF)) | (highs << 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ToFloat(Vector128<int> value) => Vector128.ConvertToSingle(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong NotLess(Vector128<float> value, Vector128<float> bound)
        => (~Vector128.LessThan(value, bound)).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Multiply(Vector128<float> left, Vector128<float> right) => left * right;

    /// <summary>The sum of the two int16 products in each int.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MultiplyAddPairs(Vector128<short> left, Vector128<short> right)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.MultiplyAddAdjacent(left, right);
        }

        if (AdvSimd.Arm64.IsSupported)
        {
            return AdvSimd.Arm64.AddPairwise(
                AdvSimd.MultiplyWideningLower(left.GetLower(), right.GetLower()), AdvSimd.MultiplyWideningUpper(left, right));
        }

        Vector128<int> lowProducts = ((left.AsInt32() << 16) >> 16) * ((right.AsInt32() << 16) >> 16);
        return lowProducts + ((left.AsInt32() >> 16) * (right.AsInt32() >> 16));
    }
}
