using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ZeroShotCir.Imaging.Resampling;

/// <summary>Turns matrices of bytes on their side, in squares of 16 × 16.</summary>
internal static class ByteTranspose
{
    /// <summary>The edge of the squares.</summary>
    public const int Edge = 16;

    /// <summary>Writes the columns of one matrix as the rows of another.</summary>
    /// <param name="source">Rows of at least <paramref name="columns"/> bytes, each <paramref name="sourceStride"/> bytes after the other.</param>
    /// <param name="sourceStride">Bytes from row to row in the source.</param>
    /// <param name="rows">At least <see cref="Edge"/>.</param>
    /// <param name="columns">At least <see cref="Edge"/>.</param>
    /// <param name="destination">As many rows as the source has columns, each <paramref name="destinationStride"/> bytes after the other.</param>
    /// <param name="destinationStride">Bytes from row to row in the destination.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(ReadOnlySpan<byte> source, int sourceStride, int rows, int columns, Span<byte> destination, int destinationStride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, Edge);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, Edge);
        ArgumentOutOfRangeException.ThrowIfLessThan(source.Length, ((rows - 1) * sourceStride) + columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, ((columns - 1) * destinationStride) + rows);
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref byte to = ref MemoryMarshal.GetReference(destination);
        for (int row = 0; row < rows; row += Edge)
        {
            // The last square overlaps the one before it where the matrix is no multiple of the edge.
            int top = Math.Min(row, rows - Edge);
            for (int column = 0; column < columns; column += Edge)
            {
                int left = Math.Min(column, columns - Edge);
                TransposeSquare(
                    ref Unsafe.Add(ref from, (top * sourceStride) + left), sourceStride,
                    ref Unsafe.Add(ref to, (left * destinationStride) + top), destinationStride);
            }
        }
    }

    /// <summary>Four rounds, each interleaving the first eight rows with the last eight, turn a square of sixteen on its side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeSquare(ref byte from, int fromStride, ref byte to, int toStride)
    {
        Vector128<byte> a = Load(ref from, 0, fromStride), b = Load(ref from, 1, fromStride), c = Load(ref from, 2, fromStride), d = Load(ref from, 3, fromStride);
        Vector128<byte> e = Load(ref from, 4, fromStride), f = Load(ref from, 5, fromStride), g = Load(ref from, 6, fromStride), h = Load(ref from, 7, fromStride);
        Vector128<byte> i = Load(ref from, 8, fromStride), j = Load(ref from, 9, fromStride), k = Load(ref from, 10, fromStride), l = Load(ref from, 11, fromStride);
        Vector128<byte> m = Load(ref from, 12, fromStride), n = Load(ref from, 13, fromStride), o = Load(ref from, 14, fromStride), p = Load(ref from, 15, fromStride);
        for (int round = 0; round < 4; round++)
        {
            (Vector128<byte> ai, Vector128<byte> ai2) = Interleave(a, i);
            (Vector128<byte> bj, Vector128<byte> bj2) = Interleave(b, j);
            (Vector128<byte> ck, Vector128<byte> ck2) = Interleave(c, k);
            (Vector128<byte> dl, Vector128<byte> dl2) = Interleave(d, l);
            (Vector128<byte> em, Vector128<byte> em2) = Interleave(e, m);
            (Vector128<byte> fn, Vector128<byte> fn2) = Interleave(f, n);
            (Vector128<byte> go, Vector128<byte> go2) = Interleave(g, o);
            (Vector128<byte> hp, Vector128<byte> hp2) = Interleave(h, p);
            (a, b, c, d, e, f, g, h) = (ai, ai2, bj, bj2, ck, ck2, dl, dl2);
            (i, j, k, l, m, n, o, p) = (em, em2, fn, fn2, go, go2, hp, hp2);
        }

        Store(a, ref to, 0, toStride);
        Store(b, ref to, 1, toStride);
        Store(c, ref to, 2, toStride);
        Store(d, ref to, 3, toStride);
        Store(e, ref to, 4, toStride);
        Store(f, ref to, 5, toStride);
        Store(g, ref to, 6, toStride);
        Store(h, ref to, 7, toStride);
        Store(i, ref to, 8, toStride);
        Store(j, ref to, 9, toStride);
        Store(k, ref to, 10, toStride);
        Store(l, ref to, 11, toStride);
        Store(m, ref to, 12, toStride);
        Store(n, ref to, 13, toStride);
        Store(o, ref to, 14, toStride);
        Store(p, ref to, 15, toStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<byte> Lower, Vector128<byte> Upper) Interleave(Vector128<byte> first, Vector128<byte> second)
        => Sse2.IsSupported ? (Sse2.UnpackLow(first, second), Sse2.UnpackHigh(first, second))
            : AdvSimd.Arm64.IsSupported ? (AdvSimd.Arm64.ZipLow(first, second), AdvSimd.Arm64.ZipHigh(first, second))
            : ((Vector128.WidenLower(first) | (Vector128.WidenLower(second) << 8)).AsByte(),
               (Vector128.WidenUpper(first) | (Vector128.WidenUpper(second) << 8)).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Load(ref byte from, int row, int stride) => Vector128.LoadUnsafe(ref Unsafe.Add(ref from, row * stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<byte> value, ref byte to, int row, int stride) => value.StoreUnsafe(ref Unsafe.Add(ref to, row * stride));
}
