using System.Buffers;

namespace ZeroShotCir.Imaging;

/// <summary>Turns decoded images into the input of a model, bit for bit as Pillow, torchvision and Hugging Face do.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class ImagePreprocessor
{
    private readonly float[] _red;
    private readonly float[] _green;
    private readonly float[] _blue;

    /// <summary>Prepares preprocessing.</summary>
    /// <param name="settings">What to do.</param>
    /// <exception cref="ArgumentException">The output size would depend on the image: no crop and no exact resize.</exception>
    public ImagePreprocessor(ImagePreprocessing settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ImageSize size = settings.OutputSize ?? throw new ArgumentException(
            $"Every image would have a size of its own: the resize is '{settings.Resize}' and there is no crop. Set Crop, or resize to an exact size.", nameof(settings));
        Settings = settings;
        Width = size.Width;
        Height = size.Height;
        _red = ValuesOf(settings.RescaleFactor, settings.Mean.Red, settings.Std.Red);
        _green = ValuesOf(settings.RescaleFactor, settings.Mean.Green, settings.Std.Green);
        _blue = ValuesOf(settings.RescaleFactor, settings.Mean.Blue, settings.Std.Blue);
    }

    /// <summary>What is done.</summary>
    public ImagePreprocessing Settings { get; }

    /// <summary>The columns of every preprocessed image.</summary>
    public int Width { get; }

    /// <summary>The rows of every preprocessed image.</summary>
    public int Height { get; }

    /// <summary>Pads, resizes, crops, rescales and normalises an image.</summary>
    /// <param name="image">The decoded image.</param>
    /// <param name="destination">3 × <see cref="Height"/> × <see cref="Width"/> numbers: the red, the green, the blue plane, each row after row.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="InvalidImageException">The image is millions of times longer than wide.</exception>
    public void Preprocess(RgbImage image, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(image);
        ThrowIfLengthDiffers(destination.Length);
        int plane = Width * Height;
        byte[] rented = ArrayPool<byte>.Shared.Rent(3 * plane);
        ReadOnlySpan<byte> pixels = rented.AsSpan(0, 3 * plane);
        PreprocessToBytes(image, rented.AsSpan(0, 3 * plane));
        Span<float> red = destination[..plane];
        Span<float> green = destination.Slice(plane, plane);
        Span<float> blue = destination.Slice(2 * plane, plane);
        for (int i = 0; i < plane; i++)
        {
            red[i] = _red[pixels[3 * i]];
            green[i] = _green[pixels[(3 * i) + 1]];
            blue[i] = _blue[pixels[(3 * i) + 2]];
        }

        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>Pads, resizes and crops an image, without rescaling and normalising: for models that do that themselves.</summary>
    /// <param name="image">The decoded image.</param>
    /// <param name="destination"><see cref="Height"/> × <see cref="Width"/> × 3 bytes: red, green, blue of each pixel, row after row.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="InvalidImageException">The image is millions of times longer than wide.</exception>
    public void PreprocessToBytes(RgbImage image, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(image);
        ThrowIfLengthDiffers(destination.Length);
        (ResampleAxis columns, ResampleAxis rows) = PreprocessingGeometry.Of(Settings, image.Width, image.Height);
        if (columns.Computed < Width || rows.Computed < Height)
        {
            destination.Fill(Settings.FillValue);
        }

        ImageResampler.Resample(image, columns, rows, Settings.Filter, destination);
    }

    /// <summary>The operations of rescaling and normalising once for every byte, in float32 and in torchvision's order.</summary>
    private static float[] ValuesOf(double factor, float mean, float std)
    {
        float[] values = new float[256];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = ((float)(i * factor) - mean) / std;
        }

        return values;
    }

    private void ThrowIfLengthDiffers(int length)
    {
        if (length != 3 * Width * Height)
        {
            throw new ArgumentException(
                $"A preprocessed image has 3 × {Height} × {Width} = {3 * Width * Height} values; the destination holds {length}.", nameof(length));
        }
    }
}
