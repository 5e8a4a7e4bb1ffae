using System.Runtime.InteropServices;

namespace ZeroShotCir.Kernels;

/// <summary>Memory that a search keeps for the next one: grows, never shrinks, starts at a 64-byte boundary, never moves.</summary>
/// <typeparam name="T">A number, or a struct of numbers.</typeparam>
internal sealed class GrowingBuffer<T>
    where T : unmanaged
{
    private const int Alignment = 64;
    private T[] _block = [];
    private int _start;
    private int _length;

    /// <summary>The memory that was last asked for.</summary>
    public Span<T> Span => _block.AsSpan(_start, _length);

    /// <summary>Provides memory of any content.</summary>
    /// <param name="length">How many elements.</param>
    /// <returns>The memory.</returns>
    public unsafe Span<T> Reserve(long length)
    {
        int padding = (Alignment + sizeof(T) - 1) / sizeof(T);
        if (_block.Length < length + padding)
        {
            _block = GC.AllocateUninitializedArray<T>(checked((int)(length + padding)), pinned: true);
            nint address = Marshal.UnsafeAddrOfPinnedArrayElement(_block, 0);
            int gap = (int)((Alignment - (address & (Alignment - 1))) & (Alignment - 1));
            _start = gap % sizeof(T) == 0 ? gap / sizeof(T) : 0;
        }

        _length = (int)length;
        return Span;
    }
}
