namespace ZeroShotCir.Imaging;

/// <summary>Resizes images bit for bit as Pillow's 8-bit <c>Image.resize</c> does.</summary>
/// <remarks>Thread-safe.</remarks>
public static class ImageResampler
{
    /// <summary>Resizes an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="width">The new width; at least 1.</param>
    /// <param name="height">The new height; at least 1.</param>
    /// <param name="filter">How pixels are weighted.</param>
    /// <returns>A new image.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1, the new image has more than 2 GB, or the filter is none of the six.</exception>
    /// <exception cref="InvalidImageException">The image is millions of times longer than wide.</exception>
    public static RgbImage Resize(RgbImage image, int width, int height, ResampleFilter filter = ResampleFilter.Bicubic)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(3L * width * height, Array.MaxLength);
        if (!Enum.IsDefined(filter))
        {
            throw new ArgumentOutOfRangeException(nameof(filter), filter, "Expected one of the six filters.");
        }

        byte[] pixels = new byte[width * height * 3];
        Resample(image, ResampleAxis.Whole(image.Width, width), ResampleAxis.Whole(image.Height, height), filter, new ResampleWorkspace(), pixels);
        return new RgbImage(pixels, width, height);
    }

    /// <summary>Computes the part of a resize that is kept, in the widest registers the processor has.</summary>
    internal static void Resample(RgbImage image, ResampleAxis columns, ResampleAxis rows, ResampleFilter filter, ResampleWorkspace workspace, Span<byte> destination)
    {
        if (SixteenSums512.IsSupported)
        {
            Resampling<SixteenSums512>.Run(image, columns, rows, filter, workspace, destination);
        }
        else if (SixteenSums256.IsSupported)
        {
            Resampling<SixteenSums256>.Run(image, columns, rows, filter, workspace, destination);
        }
        else
        {
            Resampling<SixteenSums128>.Run(image, columns, rows, filter, workspace, destination);
        }
    }
}
