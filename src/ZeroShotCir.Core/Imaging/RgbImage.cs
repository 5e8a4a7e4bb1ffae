using System.Buffers;

namespace ZeroShotCir.Imaging;

/// <summary>A decoded image: 8-bit red, green, blue, interleaved, rows top to bottom without padding.</summary>
/// <remarks>
/// Immutable as long as nobody changes the pixels; may be shared between threads. Disposing is optional: it lets the next image
/// reuse pooled memory, which spares the garbage collector megabytes an image. An image without pooled memory ignores it.
/// </remarks>
public sealed class RgbImage : IDisposable
{
    private readonly ReadOnlyMemory<byte> _pixels;
    private IMemoryOwner<byte>? _owner;
    private bool _disposed;

    /// <summary>Holds pixels.</summary>
    /// <param name="pixels">Exactly <c>width × height × 3</c> bytes; not copied.</param>
    /// <param name="width">In pixels; at least 1.</param>
    /// <param name="height">In pixels; at least 1.</param>
    /// <exception cref="ArgumentException">The number of bytes does not fit the size.</exception>
    public RgbImage(ReadOnlyMemory<byte> pixels, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (pixels.Length != (long)width * height * 3)
        {
            throw new ArgumentException(
                $"An image of {width} × {height} pixels has {(long)width * height * 3} bytes; {pixels.Length} were given.", nameof(pixels));
        }

        _pixels = pixels;
        Width = width;
        Height = height;
    }

    /// <summary>Holds pixels in pooled memory.</summary>
    /// <param name="owner">Begins with <c>width × height × 3</c> bytes; may be longer, and is disposed with the image.</param>
    /// <param name="width">In pixels; at least 1.</param>
    /// <param name="height">In pixels; at least 1.</param>
    /// <exception cref="ArgumentException">The memory is too short for the size.</exception>
    public RgbImage(IMemoryOwner<byte> owner, int width, int height)
        : this(Begin(owner, width, height), width, height)
    {
        _owner = owner;
    }

    /// <summary>The bytes: red, green, blue of each pixel, row after row.</summary>
    /// <exception cref="ObjectDisposedException">The image was disposed and its memory may be another's.</exception>
    public ReadOnlyMemory<byte> Pixels
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _pixels;
        }
    }

    /// <summary>In pixels.</summary>
    public int Width { get; }

    /// <summary>In pixels.</summary>
    public int Height { get; }

    /// <summary>Returns pooled memory; nobody may be using the pixels any more.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _owner, null) is IMemoryOwner<byte> owner)
        {
            _disposed = true;
            owner.Dispose();
        }
    }

    private static ReadOnlyMemory<byte> Begin(IMemoryOwner<byte> owner, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(owner);
        return owner.Memory[..(int)Math.Min(3L * Math.Max(width, 0) * Math.Max(height, 0), owner.Memory.Length)];
    }
}
