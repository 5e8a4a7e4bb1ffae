using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZeroShotCir.Imaging.Resampling;

/// <summary>The one kernel of a resize: the weighted sum of rows of bytes, rounded to bytes.</summary>
/// <remarks>
/// Sums are integers, so every order of additions, and every register width, gives the same bytes. Compiled with all optimizations at once,
/// here and in what else visits every pixel: a dozen photographs would be over before the runtime had found out that these are the loops that count.
/// </remarks>
internal static class WeightedRows
{
    private const int Half = 1 << (ResampleWeights.FractionBits - 1);
    private const int Block = 16;

    /// <summary>Computes one row.</summary>
    /// <typeparam name="TSums">The registers to use.</typeparam>
    /// <param name="source">The rows, each <paramref name="stride"/> bytes after the other.</param>
    /// <param name="stride">Bytes from row to row.</param>
    /// <param name="weights">One weight for every row.</param>
    /// <param name="destination">The row to compute.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum<TSums>(ReadOnlySpan<byte> source, int stride, ReadOnlySpan<int> weights, Span<byte> destination)
        where TSums : struct, ISixteenSums<TSums>
    {
        if (weights.Length > 0)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(source.Length, ((weights.Length - 1) * stride) + destination.Length);
        }

        if (destination.Length < Block || !TSums.IsSupported)
        {
            SumOneByOne(source, stride, weights, destination);
            return;
        }

        ref byte from = ref MemoryMarshal.GetReference(source);
        ref byte to = ref MemoryMarshal.GetReference(destination);
        int i = 0;
        for (; i <= destination.Length - (3 * Block); i += 3 * Block)
        {
            TSums first = TSums.Create(Half), second = first, third = first;
            nint row = i;
            foreach (int weight in weights)
            {
                first = TSums.MultiplyAdd(first, ref Unsafe.Add(ref from, row), weight);
                second = TSums.MultiplyAdd(second, ref Unsafe.Add(ref from, row + Block), weight);
                third = TSums.MultiplyAdd(third, ref Unsafe.Add(ref from, row + (2 * Block)), weight);
                row += stride;
            }

            TSums.Store(first, ref Unsafe.Add(ref to, i));
            TSums.Store(second, ref Unsafe.Add(ref to, i + Block));
            TSums.Store(third, ref Unsafe.Add(ref to, i + (2 * Block)));
        }

        for (; i < destination.Length; i += Block)
        {
            // The last block overlaps the one before it where the row is no multiple of the block.
            int start = Math.Min(i, destination.Length - Block);
            TSums sums = TSums.Create(Half);
            nint row = start;
            foreach (int weight in weights)
            {
                sums = TSums.MultiplyAdd(sums, ref Unsafe.Add(ref from, row), weight);
                row += stride;
            }

            TSums.Store(sums, ref Unsafe.Add(ref to, start));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumOneByOne(ReadOnlySpan<byte> source, int stride, ReadOnlySpan<int> weights, Span<byte> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            int sum = Half;
            for (int row = 0; row < weights.Length; row++)
            {
                sum += weights[row] * source[(row * stride) + i];
            }

            destination[i] = (byte)Math.Clamp(sum >> ResampleWeights.FractionBits, 0, 255);
        }
    }
}
