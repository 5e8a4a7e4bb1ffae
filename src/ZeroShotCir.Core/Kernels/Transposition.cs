using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ZeroShotCir.Kernels;

/// <summary>Turns rows into panels: component by component instead of row by row.</summary>
internal static class Transposition
{
    /// <summary>Packs rows.</summary>
    /// <param name="source">The rows, one after the other.</param>
    /// <param name="dimensions">The number of components of each.</param>
    /// <param name="panel">Receives component <c>d</c> of row <c>r</c> at <c>d · width + r</c>, and 0 where there are fewer rows than the width.</param>
    /// <param name="width">The number of rows that the panel is wide; a multiple of 4.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(ReadOnlySpan<float> source, int dimensions, Span<float> panel, int width)
    {
        int rows = source.Length / dimensions;
        if (rows < width)
        {
            panel.Clear();
        }

        int row = 0;
        if (Avx.IsSupported)
        {
            for (; row + 8 <= rows; row += 8)
            {
                PackEight(source[(row * dimensions)..], dimensions, panel[row..], width);
            }
        }

        for (; row + 4 <= rows; row += 4)
        {
            PackFour(source[(row * dimensions)..], dimensions, panel[row..], width);
        }

        for (; row < rows; row++)
        {
            PackTail(source[(row * dimensions)..], dimensions, 0, panel[row..], width, 1);
        }
    }

    /// <summary>Turns four rows of four numbers into four columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(ref Vector128<int> row0, ref Vector128<int> row1, ref Vector128<int> row2, ref Vector128<int> row3)
    {
        (Vector128<float> r0, Vector128<float> r1, Vector128<float> r2, Vector128<float> r3) = (row0.AsSingle(), row1.AsSingle(), row2.AsSingle(), row3.AsSingle());
        Transpose(ref r0, ref r1, ref r2, ref r3);
        (row0, row1, row2, row3) = (r0.AsInt32(), r1.AsInt32(), r2.AsInt32(), r3.AsInt32());
    }

    /// <summary>Turns four rows of four numbers into four columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(ref Vector128<float> row0, ref Vector128<float> row1, ref Vector128<float> row2, ref Vector128<float> row3)
    {
        Vector128<float> t0 = ZipLow(row0, row2), t1 = ZipHigh(row0, row2), t2 = ZipLow(row1, row3), t3 = ZipHigh(row1, row3);
        row0 = ZipLow(t0, t2);
        row1 = ZipHigh(t0, t2);
        row2 = ZipLow(t1, t3);
        row3 = ZipHigh(t1, t3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackEight(ReadOnlySpan<float> source, int dimensions, Span<float> panel, int width)
    {
        ref float rows = ref MemoryMarshal.GetReference(source), columns = ref MemoryMarshal.GetReference(panel);
        nuint n = (uint)dimensions;
        int d = 0;
        for (; d + 8 <= dimensions; d += 8)
        {
            nuint start = (uint)d;
            Vector256<float> r0 = Vector256.LoadUnsafe(ref rows, start), r1 = Vector256.LoadUnsafe(ref rows, start + n);
            Vector256<float> r2 = Vector256.LoadUnsafe(ref rows, start + (2 * n)), r3 = Vector256.LoadUnsafe(ref rows, start + (3 * n));
            Vector256<float> r4 = Vector256.LoadUnsafe(ref rows, start + (4 * n)), r5 = Vector256.LoadUnsafe(ref rows, start + (5 * n));
            Vector256<float> r6 = Vector256.LoadUnsafe(ref rows, start + (6 * n)), r7 = Vector256.LoadUnsafe(ref rows, start + (7 * n));

            // Pairs of rows, then fours within each half, then the halves.
            Vector256<float> t0 = Avx.UnpackLow(r0, r1), t1 = Avx.UnpackHigh(r0, r1), t2 = Avx.UnpackLow(r2, r3), t3 = Avx.UnpackHigh(r2, r3);
            Vector256<float> t4 = Avx.UnpackLow(r4, r5), t5 = Avx.UnpackHigh(r4, r5), t6 = Avx.UnpackLow(r6, r7), t7 = Avx.UnpackHigh(r6, r7);
            r0 = Avx.Shuffle(t0, t2, 0x44);
            r1 = Avx.Shuffle(t0, t2, 0xEE);
            r2 = Avx.Shuffle(t1, t3, 0x44);
            r3 = Avx.Shuffle(t1, t3, 0xEE);
            r4 = Avx.Shuffle(t4, t6, 0x44);
            r5 = Avx.Shuffle(t4, t6, 0xEE);
            r6 = Avx.Shuffle(t5, t7, 0x44);
            r7 = Avx.Shuffle(t5, t7, 0xEE);
            nuint to = (nuint)(uint)d * (uint)width, step = (uint)width;
            Avx.Permute2x128(r0, r4, 0x20).StoreUnsafe(ref columns, to);
            Avx.Permute2x128(r1, r5, 0x20).StoreUnsafe(ref columns, to + step);
            Avx.Permute2x128(r2, r6, 0x20).StoreUnsafe(ref columns, to + (2 * step));
            Avx.Permute2x128(r3, r7, 0x20).StoreUnsafe(ref columns, to + (3 * step));
            Avx.Permute2x128(r0, r4, 0x31).StoreUnsafe(ref columns, to + (4 * step));
            Avx.Permute2x128(r1, r5, 0x31).StoreUnsafe(ref columns, to + (5 * step));
            Avx.Permute2x128(r2, r6, 0x31).StoreUnsafe(ref columns, to + (6 * step));
            Avx.Permute2x128(r3, r7, 0x31).StoreUnsafe(ref columns, to + (7 * step));
        }

        PackTail(source, dimensions, d, panel, width, 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackFour(ReadOnlySpan<float> source, int dimensions, Span<float> panel, int width)
    {
        ref float rows = ref MemoryMarshal.GetReference(source), columns = ref MemoryMarshal.GetReference(panel);
        nuint n = (uint)dimensions, step = (uint)width;
        int d = 0;
        for (; d + 4 <= dimensions; d += 4)
        {
            nuint start = (uint)d, to = (nuint)(uint)d * step;
            Vector128<float> r0 = Vector128.LoadUnsafe(ref rows, start), r1 = Vector128.LoadUnsafe(ref rows, start + n);
            Vector128<float> r2 = Vector128.LoadUnsafe(ref rows, start + (2 * n)), r3 = Vector128.LoadUnsafe(ref rows, start + (3 * n));
            Transpose(ref r0, ref r1, ref r2, ref r3);
            r0.StoreUnsafe(ref columns, to);
            r1.StoreUnsafe(ref columns, to + step);
            r2.StoreUnsafe(ref columns, to + (2 * step));
            r3.StoreUnsafe(ref columns, to + (3 * step));
        }

        PackTail(source, dimensions, d, panel, width, 4);
    }

    private static void PackTail(ReadOnlySpan<float> source, int dimensions, int first, Span<float> panel, int width, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int d = first; d < dimensions; d++)
            {
                panel[(d * width) + row] = source[(row * dimensions) + d];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> left, Vector128<float> right)
        => Sse.IsSupported ? Sse.UnpackLow(left, right)
            : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(left, right)
            : Vector128.Create(left[0], right[0], left[1], right[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> left, Vector128<float> right)
        => Sse.IsSupported ? Sse.UnpackHigh(left, right)
            : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(left, right)
            : Vector128.Create(left[2], right[2], left[3], right[3]);
}
