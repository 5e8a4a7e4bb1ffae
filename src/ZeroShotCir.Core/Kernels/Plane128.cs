using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Kernels;

/// <summary>128 bits: a register holds four bytes of each of four rows; sums are int32 at once.</summary>
internal readonly struct Plane128 : IPlaneKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyTiles(
        ref readonly sbyte query, ref readonly byte tile0, ref readonly byte tile1, ref readonly byte tile2, ref readonly byte tile3, int groups, ref int sums)
    {
        MultiplyTile(in query, in tile0, groups, ref sums);
        MultiplyTile(in query, in tile1, groups, ref Unsafe.Add(ref sums, 16));
        MultiplyTile(in query, in tile2, groups, ref Unsafe.Add(ref sums, 32));
        MultiplyTile(in query, in tile3, groups, ref Unsafe.Add(ref sums, 48));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector128<int> MultiplyRows(
        ref readonly sbyte query, ref readonly byte row0, ref readonly byte row1, ref readonly byte row2, ref readonly byte row3, int bytes)
        => CodeProduct.AddLanes(
            MultiplyRow(in query, in row0, (uint)bytes), MultiplyRow(in query, in row1, (uint)bytes),
            MultiplyRow(in query, in row2, (uint)bytes), MultiplyRow(in query, in row3, (uint)bytes));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyTile(ref readonly sbyte query, ref readonly byte tile, int groups, ref int sums)
    {
        Vector128<byte> levels = Vector128.Create(NormalQuantizer.Levels);
        Vector128<int> sum0 = Vector128<int>.Zero, sum1 = sum0, sum2 = sum0, sum3 = sum0;
        for (nuint group = 0; group < (nuint)(uint)groups; group++)
        {
            ref readonly int eight = ref Unsafe.As<sbyte, int>(ref Unsafe.Add(ref Unsafe.AsRef(in query), 8 * group));
            Vector128<sbyte> low = Vector128.Create(eight).AsSByte(), high = Vector128.Create(Unsafe.Add(ref Unsafe.AsRef(in eight), 1)).AsSByte();
            sum0 = AddLevels(sum0, Vector128.LoadUnsafe(in tile, 64 * group), levels, low, high);
            sum1 = AddLevels(sum1, Vector128.LoadUnsafe(in tile, (64 * group) + 16), levels, low, high);
            sum2 = AddLevels(sum2, Vector128.LoadUnsafe(in tile, (64 * group) + 32), levels, low, high);
            sum3 = AddLevels(sum3, Vector128.LoadUnsafe(in tile, (64 * group) + 48), levels, low, high);
        }

        sum0.StoreUnsafe(ref sums);
        sum1.StoreUnsafe(ref sums, 4);
        sum2.StoreUnsafe(ref sums, 8);
        sum3.StoreUnsafe(ref sums, 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector128<int> MultiplyRow(ref readonly sbyte query, ref readonly byte row, nuint bytes)
    {
        Vector128<int> sum = Vector128<int>.Zero;
        for (nuint i = 0; i < bytes; i += 32)
        {
            sum = AddCodes(sum, Vector128.LoadUnsafe(in row, i), Vector128.LoadUnsafe(in query, 2 * i), Vector128.LoadUnsafe(in query, (2 * i) + 32));
            sum = AddCodes(
                sum, Vector128.LoadUnsafe(in row, i + 16), Vector128.LoadUnsafe(in query, (2 * i) + 16), Vector128.LoadUnsafe(in query, (2 * i) + 48));
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> AddLevels(Vector128<int> sum, Vector128<byte> codes, Vector128<byte> levels, Vector128<sbyte> low, Vector128<sbyte> high)
        => AddProducts(
            sum, Vector128.ShuffleNative(levels, codes & Vector128.Create((byte)15)), Vector128.ShuffleNative(levels, Vector128.ShiftRightLogical(codes, 4)), low, high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> AddCodes(Vector128<int> sum, Vector128<byte> codes, Vector128<sbyte> low, Vector128<sbyte> high)
        => AddProducts(sum, codes & Vector128.Create((byte)15), Vector128.ShiftRightLogical(codes, 4), low, high);

    // To each lane the products of its four bytes, which are at most 63, so that they are signed and unsigned alike and int16 holds two pairs of products.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> AddProducts(Vector128<int> sum, Vector128<byte> lows, Vector128<byte> highs, Vector128<sbyte> low, Vector128<sbyte> high)
    {
        if (Dp.IsSupported)
        {
            return Dp.DotProduct(Dp.DotProduct(sum, lows.AsSByte(), low), highs.AsSByte(), high);
        }

        if (Ssse3.IsSupported)
        {
            Vector128<short> pairs = Ssse3.MultiplyAddAdjacent(lows, low) + Ssse3.MultiplyAddAdjacent(highs, high);
            return sum + Sse2.MultiplyAddAdjacent(pairs, Vector128<short>.One);
        }

        return sum + AddFours(lows.AsSByte(), low) + AddFours(highs.AsSByte(), high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> AddFours(Vector128<sbyte> codes, Vector128<sbyte> query)
    {
        Vector128<short> even = Vector128.WidenLower(codes) * Vector128.WidenLower(query), odd = Vector128.WidenUpper(codes) * Vector128.WidenUpper(query);
        if (AdvSimd.Arm64.IsSupported)
        {
            return AdvSimd.AddPairwiseWidening(AdvSimd.Arm64.AddPairwise(even, odd));
        }

        // Neighbours of two, then of four: the low half of each lane and its high one.
        Vector128<int> two = Vector128.ShiftRightArithmetic(Vector128.ShiftLeft(even.AsInt32(), 16), 16) + Vector128.ShiftRightArithmetic(even.AsInt32(), 16);
        Vector128<int> next = Vector128.ShiftRightArithmetic(Vector128.ShiftLeft(odd.AsInt32(), 16), 16) + Vector128.ShiftRightArithmetic(odd.AsInt32(), 16);
        return Vector128.Create(two[0] + two[1], two[2] + two[3], next[0] + next[1], next[2] + next[3]);
    }
}
