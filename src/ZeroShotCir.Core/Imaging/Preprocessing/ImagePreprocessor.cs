using ZeroShotCir.Buffers;
using ZeroShotCir.Imaging.Resampling;

namespace ZeroShotCir.Imaging.Preprocessing;

/// <summary>Turns decoded images into the input of a model, bit for bit as Pillow, torchvision and Hugging Face do.</summary>
/// <remarks>Thread-safe. Images of a size that was met lately are preprocessed almost without allocating; others cost a table of weights.</remarks>
public sealed class ImagePreprocessor
{
    private readonly NormalizationTable _normalization;
    private readonly ResampleCache _weights = new();

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
        _normalization = new NormalizationTable(settings.RescaleFactor, settings.Mean, settings.Std);
    }

    /// <summary>What is done.</summary>
    public ImagePreprocessing Settings { get; }

    /// <summary>The columns of every preprocessed image.</summary>
    public int Width { get; }

    /// <summary>The rows of every preprocessed image.</summary>
    public int Height { get; }

    /// <summary>Pads, resizes, crops, rescales and normalizes an image.</summary>
    /// <param name="image">The decoded image.</param>
    /// <param name="destination">3 × <see cref="Height"/> × <see cref="Width"/> numbers: the red, the green, the blue plane, each row after row.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="InvalidImageException">The image is millions of times longer than wide.</exception>
    public void Preprocess(RgbImage image, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(image);
        ThrowIfLengthDiffers(destination.Length, nameof(destination));
        using RentedArray<byte> pixels = new(destination.Length);
        Preprocess(image, pixels.Memory);
        _normalization.Apply(pixels.Span, destination);
    }

    /// <summary>Decodes, pads, resizes, crops, rescales and normalizes an image, as its rows come: the pixels are never held all at once where the decoder hands rows on.</summary>
    /// <param name="decoder">Decodes the image.</param>
    /// <param name="image">The encoded image; the message of an exception names its source.</param>
    /// <param name="options">The limits, the orientation and the resolution.</param>
    /// <param name="destination">
    /// 3 × <see cref="Height"/> × <see cref="Width"/> numbers: at full resolution those of the decoded image, at reduced resolution close to them;
    /// untouched where the image is bad.
    /// </param>
    /// <returns>The size of the whole upright image, however small it came.</returns>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="InvalidImageException">
    /// The bytes are not an image, corrupt, truncated, of an unsupported format, beyond the limits, or of an image millions of times longer
    /// than wide.
    /// </exception>
    public ImageSize Preprocess(IImageDecoder decoder, ImageData image, DecodeOptions options, Span<float> destination)
    {
        ThrowIfLengthDiffers(destination.Length, nameof(destination));
        using RentedArray<byte> pixels = new(destination.Length);
        ImageSize size = PreprocessInto(decoder, image, options, pixels.Memory);
        _normalization.Apply(pixels.Span, destination);
        return size;
    }

    /// <summary>Pads, resizes and crops an image, without rescaling and normalizing: for models that do that themselves.</summary>
    /// <param name="image">The decoded image.</param>
    /// <param name="destination"><see cref="Height"/> × <see cref="Width"/> × 3 bytes: red, green, blue of each pixel, row after row.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="InvalidImageException">The image is millions of times longer than wide.</exception>
    public void PreprocessToBytes(RgbImage image, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(image);
        ThrowIfLengthDiffers(destination.Length, nameof(destination));
        using RentedArray<byte> pixels = new(destination.Length);
        Preprocess(image, pixels.Memory);
        pixels.Span.CopyTo(destination);
    }

    /// <summary>Decodes, pads, resizes and crops an image as its rows come, without rescaling and normalizing.</summary>
    /// <param name="decoder">Decodes the image.</param>
    /// <param name="image">The encoded image; the message of an exception names its source.</param>
    /// <param name="options">The limits, the orientation and the resolution.</param>
    /// <param name="destination">
    /// <see cref="Height"/> × <see cref="Width"/> × 3 bytes: at full resolution those of the decoded image, at reduced resolution close to them;
    /// untouched where the image is bad.
    /// </param>
    /// <returns>The size of the whole upright image, however small it came.</returns>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="InvalidImageException">
    /// The bytes are not an image, corrupt, truncated, of an unsupported format, beyond the limits, or of an image millions of times longer
    /// than wide.
    /// </exception>
    public ImageSize PreprocessToBytes(IImageDecoder decoder, ImageData image, DecodeOptions options, Span<byte> destination)
    {
        ThrowIfLengthDiffers(destination.Length, nameof(destination));
        using RentedArray<byte> pixels = new(destination.Length);
        ImageSize size = PreprocessInto(decoder, image, options, pixels.Memory);
        pixels.Span.CopyTo(destination);
        return size;
    }

    /// <summary>As <see cref="PreprocessToBytes(IImageDecoder, ImageData, DecodeOptions, Span{byte})"/>, but a bad image may leave something in the destination.</summary>
    internal ImageSize PreprocessInto(IImageDecoder decoder, ImageData image, DecodeOptions options, Memory<byte> destination)
    {
        using PreprocessedRows rows = new(this, destination);
        decoder.DecodeRows(image, options, rows);
        rows.Finish();
        return rows.Size;
    }

    /// <summary>The weights of an axis, remembered for the next image of the same size.</summary>
    internal ResampleWeights WeightsOf(ResampleAxis axis) => _weights.WeightsOf(axis, Settings.Filter);

    private void Preprocess(RgbImage image, Memory<byte> destination)
    {
        using PreprocessedRows rows = new(this, destination);
        image.SendTo(rows);
        rows.Finish();
    }

    private void ThrowIfLengthDiffers(int length, string parameter)
    {
        if (length != 3 * Width * Height)
        {
            throw new ArgumentException(
                $"A preprocessed image has 3 × {Height} × {Width} = {3 * Width * Height} values; the destination holds {length}.", parameter);
        }
    }
}
