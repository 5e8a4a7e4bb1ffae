using System.Buffers;
using System.Runtime.CompilerServices;

namespace ZeroShotCir.Buffers;

/// <summary>Memory to work in for a while: out of the shared pool where that keeps it well, allocated where it does not. Dispose it, whatever happens.</summary>
/// <remarks>Not thread-safe, and not to be copied. Its content is whatever stood there before. The default value is one that was disposed.</remarks>
/// <typeparam name="T">A number.</typeparam>
internal struct RentedArray<T> : IDisposable
    where T : unmanaged
{
    /// <summary>In bytes. Arrays beyond this are not pooled: the shared pool rounds them up to a power of two and keeps one for every thread.</summary>
    public const int LargestPooled = 32 << 20;

    private readonly int _length;
    private T[]? _array;

    /// <summary>Rents memory.</summary>
    /// <param name="length">How many elements.</param>
    public RentedArray(int length)
    {
        _length = length;
        _array = IsPooled(length) ? ArrayPool<T>.Shared.Rent(length) : GC.AllocateUninitializedArray<T>(length);
    }

    /// <summary>How many elements were asked for.</summary>
    public readonly int Length => _length;

    /// <summary>The memory, exactly as long as was asked for.</summary>
    public readonly Memory<T> Memory => Array.AsMemory(0, _length);

    /// <summary>The memory, exactly as long as was asked for.</summary>
    public readonly Span<T> Span => Array.AsSpan(0, _length);

    private readonly T[] Array => _array ?? throw new ObjectDisposedException(nameof(RentedArray<>));

    /// <summary>Whether arrays of a length come out of the pool.</summary>
    public static bool IsPooled(int length) => (long)length * Unsafe.SizeOf<T>() <= LargestPooled;

    /// <summary>Gives the memory back; it must not be used any longer.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _array, null) is { } used && IsPooled(_length))
        {
            ArrayPool<T>.Shared.Return(used);
        }
    }
}
