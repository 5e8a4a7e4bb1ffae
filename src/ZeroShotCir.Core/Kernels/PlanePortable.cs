using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Kernels;

/// <summary>One number after the other: for processors of which nothing is known.</summary>
internal readonly struct PlanePortable : IPlaneKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyTiles(
        ref readonly sbyte query, ref readonly byte tile0, ref readonly byte tile1, ref readonly byte tile2, ref readonly byte tile3, int groups, ref int sums)
    {
        for (int row = 0; row < 16; row++)
        {
            Unsafe.Add(ref sums, row) = MultiplyRowOfTile(in query, in tile0, groups, row);
            Unsafe.Add(ref sums, row + 16) = MultiplyRowOfTile(in query, in tile1, groups, row);
            Unsafe.Add(ref sums, row + 32) = MultiplyRowOfTile(in query, in tile2, groups, row);
            Unsafe.Add(ref sums, row + 48) = MultiplyRowOfTile(in query, in tile3, groups, row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector128<int> MultiplyRows(
        ref readonly sbyte query, ref readonly byte row0, ref readonly byte row1, ref readonly byte row2, ref readonly byte row3, int bytes)
        => Vector128.Create(
            MultiplyRow(in query, in row0, bytes), MultiplyRow(in query, in row1, bytes), MultiplyRow(in query, in row2, bytes), MultiplyRow(in query, in row3, bytes));

    private static int MultiplyRowOfTile(ref readonly sbyte query, ref readonly byte tile, int groups, int row)
    {
        int sum = 0;
        for (int i = 0; i < 4 * groups; i++)
        {
            int group = i / 4, place = i % 4;
            byte codes = Unsafe.Add(ref Unsafe.AsRef(in tile), (64 * group) + (4 * row) + place);
            sum += Products(
                NormalQuantizer.Levels[codes & 15], NormalQuantizer.Levels[codes >> 4],
                Unsafe.Add(ref Unsafe.AsRef(in query), (8 * group) + place), Unsafe.Add(ref Unsafe.AsRef(in query), (8 * group) + 4 + place));
        }

        return sum;
    }

    private static int MultiplyRow(ref readonly sbyte query, ref readonly byte row, int bytes)
    {
        int sum = 0;
        for (int i = 0; i < bytes; i++)
        {
            int first = (i / 32 * 64) + (i % 32);
            byte codes = Unsafe.Add(ref Unsafe.AsRef(in row), i);
            sum += Products(codes & 15, codes >> 4, Unsafe.Add(ref Unsafe.AsRef(in query), first), Unsafe.Add(ref Unsafe.AsRef(in query), first + 32));
        }

        return sum;
    }

    private static int Products(int first, int second, sbyte low, sbyte high) => (first * low) + (second * high);
}
