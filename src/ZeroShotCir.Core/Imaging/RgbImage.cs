namespace ZeroShotCir.Imaging;

/// <summary>A decoded image: 8-bit red, green, blue, interleaved, rows top to bottom without padding.</summary>
/// <remarks>Immutable as long as nobody changes the pixels; may be shared between threads.</remarks>
public sealed class RgbImage
{
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

        Pixels = pixels;
        Width = width;
        Height = height;
    }

    /// <summary>The bytes: red, green, blue of each pixel, row after row.</summary>
    public ReadOnlyMemory<byte> Pixels { get; }

    /// <summary>In pixels.</summary>
    public int Width { get; }

    /// <summary>In pixels.</summary>
    public int Height { get; }
}
