using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ZeroShotCir.Kernels;

/// <summary>512 bits: a register holds four bytes of each of sixteen rows, a whole tile.</summary>
/// <remarks>For the sums in int16 see <see cref="Plane256"/>.</remarks>
internal readonly struct Plane512 : IPlaneKernel
{
    private const int Ahead = 1024;
    private const int GroupsOfSum = 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyTiles(ref readonly sbyte query, ref readonly byte tile0, ref readonly byte tile1, int groups, ref int sums)
    {
        if (!Avx512BW.IsSupported)
        {
            Plane256.MultiplyTiles(in query, in tile0, in tile1, groups, ref sums);
            return;
        }

        Vector512<int> sum0 = Vector512<int>.Zero, sum1 = sum0;
        ref byte first = ref Unsafe.AsRef(in tile0), second = ref Unsafe.AsRef(in tile1);
        for (int group = 0; group < groups;)
        {
            int end = Math.Min(groups, group + GroupsOfSum);
            Vector512<short> low0 = Vector512<short>.Zero, low1 = low0, high0 = low0, high1 = low0;
            for (; group < end; group++)
            {
                ref readonly int eight = ref Unsafe.As<sbyte, int>(ref Unsafe.Add(ref Unsafe.AsRef(in query), 8 * group));
                Vector512<sbyte> low = Vector512.Create(eight).AsSByte(), high = Vector512.Create(Unsafe.Add(ref Unsafe.AsRef(in eight), 1)).AsSByte();
                Prefetch.Line(in first, Ahead);
                Prefetch.Line(in second, Ahead);
                AddProducts(Vector512.LoadUnsafe(in first), low, high, ref low0, ref high0);
                AddProducts(Vector512.LoadUnsafe(in second), low, high, ref low1, ref high1);
                first = ref Unsafe.Add(ref first, 64);
                second = ref Unsafe.Add(ref second, 64);
            }

            sum0 += Widen(low0) + Widen(high0);
            sum1 += Widen(low1) + Widen(high1);
        }

        sum0.StoreUnsafe(ref sums);
        sum1.StoreUnsafe(ref sums, 16);
    }

    // Rows of the fine plane are short: half a register saves nothing.
    public static Vector128<int> MultiplyRows(
        ref readonly sbyte query, ref readonly byte row0, ref readonly byte row1, ref readonly byte row2, ref readonly byte row3, int bytes)
        => Plane256.MultiplyRows(in query, in row0, in row1, in row2, in row3, bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddProducts(Vector512<byte> codes, Vector512<sbyte> low, Vector512<sbyte> high, ref Vector512<short> lows, ref Vector512<short> highs)
    {
        Vector512<byte> nibble = Vector512.Create((byte)15);
        lows += Avx512BW.MultiplyAddAdjacent(codes & nibble, low);
        highs += Avx512BW.MultiplyAddAdjacent(Avx512BW.ShiftRightLogical(codes.AsUInt16(), 4).AsByte() & nibble, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Widen(Vector512<short> sums) => Avx512BW.MultiplyAddAdjacent(sums, Vector512<short>.One);
}
