using System.Buffers;

namespace ZeroShotCir.Imaging;

/// <summary>A decoded image: 8-bit red, green, blue, interleaved, rows top to bottom without padding.</summary>
/// <remarks>
/// Immutable as long as nobody changes the pixels; may be shared between threads. Whoever got the image from a decoder disposes it: that gives
/// its memory back to the next one. An image that holds an array of its own ignores it.
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

    /// <summary>Turns and mirrors stored pixels until they are upright.</summary>
    /// <param name="orientation">How the pixels of this image lie, as <see cref="ExifReader"/> reads it.</param>
    /// <returns>A new image, which the caller disposes; this one stays as it is and its owner's.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The orientation is not one of the eight.</exception>
    /// <exception cref="ObjectDisposedException">The image was disposed.</exception>
    public RgbImage Turn(ExifOrientation orientation)
    {
        UprightPixels upright = new(orientation, Width, Height);
        using DecodeRoom room = DecodeMemory.Shared.Unlimited(Pixels.Length);
        IMemoryOwner<byte> turned = room.Rent(Pixels.Length);
        upright.Write(Pixels.Span, 3, 0, Height, turned.Memory.Span);
        return new RgbImage(turned, upright.Width, upright.Height);
    }

    /// <summary>Hands the picture on as a decoder does that has the rows one after the other.</summary>
    internal void SendTo(IImageRowReceiver receiver)
    {
        receiver.Begin(Width, Height, ExifOrientation.Upright);
        receiver.Add(Pixels.Span);
    }

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
