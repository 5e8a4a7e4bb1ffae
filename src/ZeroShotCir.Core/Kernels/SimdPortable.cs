using System.Numerics;
using System.Runtime.CompilerServices;

namespace ZeroShotCir.Kernels;

/// <summary><see cref="Vector{T}"/>, of whatever width.</summary>
internal readonly struct SimdPortable : ISimd<Vector<float>, Vector<int>>
{
    public static int Width => Vector<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Load(ref readonly float source, nuint index) => Vector.LoadUnsafe(in source, index);

    public static void LoadColumns(
        ref readonly float rows, nuint length, out Vector<float> column0, out Vector<float> column1, out Vector<float> column2, out Vector<float> column3)
    {
        int width = Vector<float>.Count;
        Span<float> columns = stackalloc float[4 * width];
        for (int row = 0; row < width; row++)
        {
            for (int component = 0; component < 4; component++)
            {
                columns[(component * width) + row] = Unsafe.Add(ref Unsafe.AsRef(in rows), ((nuint)(uint)row * length) + (nuint)(uint)component);
            }
        }

        (column0, column1) = (new Vector<float>(columns), new Vector<float>(columns[width..]));
        (column2, column3) = (new Vector<float>(columns[(2 * width)..]), new Vector<float>(columns[(3 * width)..]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<int> Load(ref readonly int source, nuint index) => Vector.LoadUnsafe(in source, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Broadcast(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<int> Broadcast(int value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector<float> value, ref float destination, nuint index) => value.StoreUnsafe(ref destination, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector<int> value, ref int destination, nuint index) => value.StoreUnsafe(ref destination, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> MultiplyAdd(Vector<float> left, Vector<float> right, Vector<float> addend) => Vector.FusedMultiplyAdd(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<int> AddPairs(Vector<int> addend, Vector<int> left, Vector<int> right) => addend + MultiplyAddPairs(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<int> ToPairs(Vector<float> low, Vector<float> high)
    {
        // In this binade the last bit of a float is worth 1, so the addition rounds.
        Vector<float> magic = new(PanelScaling.RoundingMagic);
        Vector<int> lows = Vector.AsVectorInt32(low + magic) - Vector.AsVectorInt32(magic);
        Vector<int> highs = Vector.AsVectorInt32(high + magic) - Vector.AsVectorInt32(magic);
        return (lows & new Vector<int>(0xFFFF)) | (highs << 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> ToFloat(Vector<int> value) => Vector.ConvertToSingle(value);

    public static ulong NotLess(Vector<float> value, Vector<float> bound)
    {
        if (Vector.LessThanAll(value, bound))
        {
            return 0;
        }

        ulong bits = 0;
        for (int lane = 0; lane < Vector<float>.Count; lane++)
        {
            bits |= (value[lane] < bound[lane] ? 0UL : 1UL) << lane;
        }

        return bits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Multiply(Vector<float> left, Vector<float> right) => left * right;

    /// <summary>The sum of the two int16 products in each int.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<int> MultiplyAddPairs(Vector<int> left, Vector<int> right)
        => (((left << 16) >> 16) * ((right << 16) >> 16)) + ((left >> 16) * (right >> 16));
}
