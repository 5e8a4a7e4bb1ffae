namespace ZeroShotCir.Imaging.Resampling;

/// <summary>Resizes images bit for bit as Pillow's 8-bit <c>Image.resize</c> does.</summary>
/// <remarks>Thread-safe.</remarks>
public static class ImageResampler
{
    /// <summary>Resizes an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="width">The new width; at least 1.</param>
    /// <param name="height">The new height; at least 1.</param>
    /// <param name="filter">How pixels are weighted.</param>
    /// <param name="order">Which pass runs first, as in Pillow up to 12.1 or from 13.0.</param>
    /// <returns>A new image.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1, the new image has more than 2 GB, or the filter or the order is unknown.</exception>
    /// <exception cref="InvalidImageException">The image is millions of times longer than wide.</exception>
    public static RgbImage Resize(RgbImage image, int width, int height, ResampleFilter filter = ResampleFilter.Bicubic, ResizeOrder order = ResizeOrder.Pillow12)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(3L * width * height, Array.MaxLength);
        if (!Enum.IsDefined(filter))
        {
            throw new ArgumentOutOfRangeException(nameof(filter), filter, "Expected one of the six filters.");
        }

        if (!Enum.IsDefined(order))
        {
            throw new ArgumentOutOfRangeException(nameof(order), order, "Expected one of the two orders.");
        }

        byte[] pixels = new byte[width * height * 3];
        ResampleWeights columns = ResampleWeights.Compute(ResampleAxis.Whole(image.Width, width), filter);
        ResampleWeights rows = ResampleWeights.Compute(ResampleAxis.Whole(image.Height, height), filter);
        Resample(image, columns, rows, order, pixels);
        return new RgbImage(pixels, width, height);
    }

    /// <summary>Computes the part of a resize that is kept.</summary>
    internal static void Resample(RgbImage image, ResampleWeights columns, ResampleWeights rows, ResizeOrder order, Memory<byte> destination)
    {
        if (columns.Axis.Computed > 0 && rows.Axis.Computed > 0)
        {
            using RowResampler resampler = RowResampler.Create(columns, rows, order, isTransposed: false, destination);
            resampler.Add(image.Pixels.Span);
            resampler.Finish();
        }
    }
}
