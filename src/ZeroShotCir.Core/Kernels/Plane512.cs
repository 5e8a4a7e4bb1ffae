using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Kernels;

/// <summary>512 bits: a register holds four bytes of each of sixteen rows, a whole tile.</summary>
/// <remarks>For the sums in int16 see <see cref="Plane256"/>.</remarks>
internal readonly struct Plane512 : IPlaneKernel
{
    private const int Ahead = 1024;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyTiles(
        ref readonly sbyte query, ref readonly byte tile0, ref readonly byte tile1, ref readonly byte tile2, ref readonly byte tile3, int groups, ref int sums)
    {
        if (!Avx512BW.IsSupported)
        {
            Plane256.MultiplyTiles(in query, in tile0, in tile1, in tile2, in tile3, groups, ref sums);
            return;
        }

        Vector128<byte> levels = Vector128.Create(NormalQuantizer.Levels);
        Vector256<byte> twice = Vector256.Create(levels, levels);
        Vector512<byte> table = Vector512.Create(twice, twice);
        Vector512<int> sum0 = Vector512<int>.Zero, sum1 = sum0, sum2 = sum0, sum3 = sum0;
        ref byte first = ref Unsafe.AsRef(in tile0), second = ref Unsafe.AsRef(in tile1), third = ref Unsafe.AsRef(in tile2), fourth = ref Unsafe.AsRef(in tile3);
        for (int group = 0; group < groups; group++)
        {
            ref readonly int eight = ref Unsafe.As<sbyte, int>(ref Unsafe.Add(ref Unsafe.AsRef(in query), 8 * group));
            Vector512<sbyte> low = Vector512.Create(eight).AsSByte(), high = Vector512.Create(Unsafe.Add(ref Unsafe.AsRef(in eight), 1)).AsSByte();
            Prefetch.Line(in first, Ahead);
            Prefetch.Line(in second, Ahead);
            Prefetch.Line(in third, Ahead);
            Prefetch.Line(in fourth, Ahead);
            sum0 += LevelProducts(table, Vector512.LoadUnsafe(in first), low, high);
            sum1 += LevelProducts(table, Vector512.LoadUnsafe(in second), low, high);
            sum2 += LevelProducts(table, Vector512.LoadUnsafe(in third), low, high);
            sum3 += LevelProducts(table, Vector512.LoadUnsafe(in fourth), low, high);
            first = ref Unsafe.Add(ref first, 64);
            second = ref Unsafe.Add(ref second, 64);
            third = ref Unsafe.Add(ref third, 64);
            fourth = ref Unsafe.Add(ref fourth, 64);
        }

        sum0.StoreUnsafe(ref sums);
        sum1.StoreUnsafe(ref sums, 16);
        sum2.StoreUnsafe(ref sums, 32);
        sum3.StoreUnsafe(ref sums, 48);
    }

    // Rows of the fine plane are short: half a register saves nothing.
    public static Vector128<int> MultiplyRows(
        ref readonly sbyte query, ref readonly byte row0, ref readonly byte row1, ref readonly byte row2, ref readonly byte row3, int bytes)
        => Plane256.MultiplyRows(in query, in row0, in row1, in row2, in row3, bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> LevelProducts(Vector512<byte> levels, Vector512<byte> codes, Vector512<sbyte> low, Vector512<sbyte> high)
    {
        Vector512<byte> nibble = Vector512.Create((byte)15);
        Vector512<short> pairs = Avx512BW.MultiplyAddAdjacent(Avx512BW.Shuffle(levels, codes & nibble), low)
            + Avx512BW.MultiplyAddAdjacent(Avx512BW.Shuffle(levels, Avx512BW.ShiftRightLogical(codes.AsUInt16(), 4).AsByte() & nibble), high);
        return Avx512BW.MultiplyAddAdjacent(pairs, Vector512<short>.One);
    }
}
