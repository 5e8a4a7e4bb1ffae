using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZeroShotCir.Embeddings;

/// <summary>Memory for many rows that begins with a cache line, so that rows of whole lines touch no line more than they fill.</summary>
internal static class AlignedMemory
{
    private const int LineBytes = 64;

    // Pinned arrays belong to the oldest generation: what a single query takes would have it collected again and again.
    private const int FewBytes = 16 << 10;

    /// <summary>The most that can be had in one piece, in elements of a type.</summary>
    public static int MaxLength<T>() => Array.MaxLength - (LineBytes / Unsafe.SizeOf<T>());

    /// <summary>Allocates zeros; a few kilobytes begin anywhere.</summary>
    /// <param name="length">The number of elements, at most <see cref="MaxLength"/>.</param>
    public static Memory<T> Allocate<T>(int length)
        where T : unmanaged
    {
        if ((long)length * Unsafe.SizeOf<T>() <= FewBytes)
        {
            return new T[length];
        }

        // Pinned, so that the address, and with it the alignment, never changes.
        T[] block = GC.AllocateArray<T>(length + (LineBytes / Unsafe.SizeOf<T>()), pinned: true);
        HugePages.Advise(block);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(block, 0);
        int start = (int)((LineBytes - (address & (LineBytes - 1))) & (LineBytes - 1)) / Unsafe.SizeOf<T>();
        return block.AsMemory(start, length);
    }
}
