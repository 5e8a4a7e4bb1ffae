using System.Buffers;
using ZeroShotCir.Buffers;

namespace ZeroShotCir.Imaging;

/// <summary>What one picture may take while it is decoded.</summary>
/// <remarks>Serves one thread. Disposing gives back what was not rented; rented pixels count until they are disposed.</remarks>
public sealed class DecodeRoom : IDisposable
{
    private readonly DecodeMemory _memory;
    private long _left;
    private int _isOpen = 1;

    internal DecodeRoom(DecodeMemory memory, long bytes)
    {
        _memory = memory;
        _left = bytes;
    }

    /// <summary>Rents memory for pixels out of the room.</summary>
    /// <param name="bytes">How many; at least 1.</param>
    /// <returns>Exactly so many bytes, with whatever stood there before. Belongs to the <see cref="RgbImage"/> that is made of it, or is disposed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    /// <exception cref="ObjectDisposedException">The room was given back.</exception>
    public IMemoryOwner<byte> Rent(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        ObjectDisposedException.ThrowIf(_isOpen == 0, this);
        long reserved = Math.Min(bytes, _left);
        bool isPooled = RentedArray<byte>.IsPooled(bytes);
        byte[] array = isPooled ? ArrayPool<byte>.Shared.Rent(bytes) : _memory.RentLarge(bytes);
        _left -= reserved;
        return new Pixels(_memory, _memory.BeginKeeping(reserved, bytes), array, bytes, isPooled);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isOpen, 0) == 1)
        {
            _memory.EndDecoding(_left);
        }
    }

    private sealed class Pixels(DecodeMemory memory, int writeOffs, byte[] array, int length, bool isPooled) : IMemoryOwner<byte>
    {
        private byte[]? _array = array;

        // An image that nobody disposes gives its bytes back when it is collected.
        ~Pixels() => memory.EndKeeping(length, writeOffs);

        public Memory<byte> Memory => (_array ?? throw new ObjectDisposedException(nameof(RgbImage))).AsMemory(0, length);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _array, null) is not { } used)
            {
                return;
            }

            GC.SuppressFinalize(this);
            if (isPooled)
            {
                ArrayPool<byte>.Shared.Return(used);
            }
            else
            {
                memory.ReturnLarge(used);
            }

            memory.EndKeeping(length, writeOffs);
        }
    }
}
