using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Kernels;

/// <summary>256 bits: a register holds four bytes of each of eight rows.</summary>
/// <remarks>
/// The query's codes are at most 127, so that int16 holds the sums of two pairs of levels, which are at most 63, and of eight pairs of fine codes, which are at
/// most 15: 2 · 2 · 63 · 127 = 32,004 and 8 · 2 · 15 · 127 = 30,480.
/// </remarks>
internal readonly struct Plane256 : IPlaneKernel
{
    // What the hardware fetches by itself comes late where tiles are short.
    private const int Ahead = 1024;
    private const int GroupsOfSum = 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyTiles(
        ref readonly sbyte query, ref readonly byte tile0, ref readonly byte tile1, ref readonly byte tile2, ref readonly byte tile3, int groups, ref int sums)
    {
        if (!Avx2.IsSupported)
        {
            Plane128.MultiplyTiles(in query, in tile0, in tile1, in tile2, in tile3, groups, ref sums);
            return;
        }

        Vector128<byte> levels = Vector128.Create(NormalQuantizer.Levels);
        Vector256<byte> table = Vector256.Create(levels, levels);
        Vector256<int> sum0 = Vector256<int>.Zero, sum1 = sum0, sum2 = sum0, sum3 = sum0, sum4 = sum0, sum5 = sum0, sum6 = sum0, sum7 = sum0;
        ref byte first = ref Unsafe.AsRef(in tile0), second = ref Unsafe.AsRef(in tile1), third = ref Unsafe.AsRef(in tile2), fourth = ref Unsafe.AsRef(in tile3);
        for (int group = 0; group < groups; group++)
        {
            ref readonly int eight = ref Unsafe.As<sbyte, int>(ref Unsafe.Add(ref Unsafe.AsRef(in query), 8 * group));
            Vector256<sbyte> low = Vector256.Create(eight).AsSByte(), high = Vector256.Create(Unsafe.Add(ref Unsafe.AsRef(in eight), 1)).AsSByte();
            Prefetch.Line(in first, Ahead);
            Prefetch.Line(in second, Ahead);
            Prefetch.Line(in third, Ahead);
            Prefetch.Line(in fourth, Ahead);
            sum0 += LevelProducts(table, Vector256.LoadUnsafe(in first), low, high);
            sum1 += LevelProducts(table, Vector256.LoadUnsafe(in first, 32), low, high);
            sum2 += LevelProducts(table, Vector256.LoadUnsafe(in second), low, high);
            sum3 += LevelProducts(table, Vector256.LoadUnsafe(in second, 32), low, high);
            sum4 += LevelProducts(table, Vector256.LoadUnsafe(in third), low, high);
            sum5 += LevelProducts(table, Vector256.LoadUnsafe(in third, 32), low, high);
            sum6 += LevelProducts(table, Vector256.LoadUnsafe(in fourth), low, high);
            sum7 += LevelProducts(table, Vector256.LoadUnsafe(in fourth, 32), low, high);
            first = ref Unsafe.Add(ref first, 64);
            second = ref Unsafe.Add(ref second, 64);
            third = ref Unsafe.Add(ref third, 64);
            fourth = ref Unsafe.Add(ref fourth, 64);
        }

        sum0.StoreUnsafe(ref sums);
        sum1.StoreUnsafe(ref sums, 8);
        sum2.StoreUnsafe(ref sums, 16);
        sum3.StoreUnsafe(ref sums, 24);
        sum4.StoreUnsafe(ref sums, 32);
        sum5.StoreUnsafe(ref sums, 40);
        sum6.StoreUnsafe(ref sums, 48);
        sum7.StoreUnsafe(ref sums, 56);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector128<int> MultiplyRows(
        ref readonly sbyte query, ref readonly byte row0, ref readonly byte row1, ref readonly byte row2, ref readonly byte row3, int bytes)
    {
        if (!Avx2.IsSupported)
        {
            return Plane128.MultiplyRows(in query, in row0, in row1, in row2, in row3, bytes);
        }

        Vector256<int> sum0 = Vector256<int>.Zero, sum1 = sum0, sum2 = sum0, sum3 = sum0;
        for (nuint i = 0; i < (nuint)(uint)bytes;)
        {
            nuint end = Math.Min((nuint)(uint)bytes, i + (32 * GroupsOfSum));
            Vector256<short> low0 = Vector256<short>.Zero, low1 = low0, low2 = low0, low3 = low0, high0 = low0, high1 = low0, high2 = low0, high3 = low0;
            for (; i < end; i += 32)
            {
                Vector256<sbyte> low = Vector256.LoadUnsafe(in query, 2 * i), high = Vector256.LoadUnsafe(in query, (2 * i) + 32);
                AddProducts(Vector256.LoadUnsafe(in row0, i), low, high, ref low0, ref high0);
                AddProducts(Vector256.LoadUnsafe(in row1, i), low, high, ref low1, ref high1);
                AddProducts(Vector256.LoadUnsafe(in row2, i), low, high, ref low2, ref high2);
                AddProducts(Vector256.LoadUnsafe(in row3, i), low, high, ref low3, ref high3);
            }

            sum0 += Widen(low0) + Widen(high0);
            sum1 += Widen(low1) + Widen(high1);
            sum2 += Widen(low2) + Widen(high2);
            sum3 += Widen(low3) + Widen(high3);
        }

        return CodeProduct.AddLanes(Fold(sum0), Fold(sum1), Fold(sum2), Fold(sum3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> LevelProducts(Vector256<byte> levels, Vector256<byte> codes, Vector256<sbyte> low, Vector256<sbyte> high)
    {
        Vector256<byte> nibble = Vector256.Create((byte)15);
        return Widen(
            Avx2.MultiplyAddAdjacent(Avx2.Shuffle(levels, codes & nibble), low)
            + Avx2.MultiplyAddAdjacent(Avx2.Shuffle(levels, Avx2.ShiftRightLogical(codes.AsUInt16(), 4).AsByte() & nibble), high));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddProducts(Vector256<byte> codes, Vector256<sbyte> low, Vector256<sbyte> high, ref Vector256<short> lows, ref Vector256<short> highs)
    {
        Vector256<byte> nibble = Vector256.Create((byte)15);
        lows += Avx2.MultiplyAddAdjacent(codes & nibble, low);
        highs += Avx2.MultiplyAddAdjacent(Avx2.ShiftRightLogical(codes.AsUInt16(), 4).AsByte() & nibble, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Widen(Vector256<short> sums) => Avx2.MultiplyAddAdjacent(sums, Vector256<short>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Fold(Vector256<int> sum) => sum.GetLower() + sum.GetUpper();
}
