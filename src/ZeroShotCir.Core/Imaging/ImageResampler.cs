using System.Buffers;

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
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1, or the filter is none of the six.</exception>
    /// <exception cref="InvalidImageException">The image is millions of times longer than wide.</exception>
    public static RgbImage Resize(RgbImage image, int width, int height, ResampleFilter filter = ResampleFilter.Bicubic)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (!Enum.IsDefined(filter))
        {
            throw new ArgumentOutOfRangeException(nameof(filter), filter, "Expected one of the six filters.");
        }

        byte[] pixels = new byte[checked(width * height * 3)];
        Resample(image, ResampleAxis.Whole(image.Width, width), ResampleAxis.Whole(image.Height, height), filter, pixels);
        return new RgbImage(pixels, width, height);
    }

    /// <summary>Computes the kept part of a resize; pixels outside the resized image are left as they are.</summary>
    internal static void Resample(RgbImage image, ResampleAxis columns, ResampleAxis rows, ResampleFilter filter, Span<byte> destination)
    {
        if (columns.Computed == 0 || rows.Computed == 0)
        {
            return;
        }

        ReadOnlySpan<byte> source = image.Pixels.Span;
        int sourceStride = image.Width * 3;
        int stride = columns.Count * 3;
        int rowBytes = columns.Computed * 3;
        destination = destination[((rows.Lead * stride) + (columns.Lead * 3))..];
        ResampleWeights vertical = new(rows, filter);
        int firstRow = vertical.Starts[0];
        int neededRows = vertical.Starts[^1] + vertical.Of(vertical.Starts.Length - 1).Length - firstRow;
        source = source[(firstRow * sourceStride)..];
        byte[]? rented = null;
        if (columns.IsCopy)
        {
            source = source[((int)columns.First * 3)..];
        }
        else
        {
            rented = ArrayPool<byte>.Shared.Rent(neededRows * rowBytes);
            ResamplePasses.Horizontal(source, sourceStride, neededRows, new ResampleWeights(columns, filter), rented, rowBytes);
            source = rented;
            sourceStride = rowBytes;
        }

        for (int y = 0; y < rows.Computed; y++)
        {
            Span<byte> row = destination.Slice(y * stride, rowBytes);
            ReadOnlySpan<byte> from = source[((vertical.Starts[y] - firstRow) * sourceStride)..];
            if (rows.IsCopy)
            {
                from[..rowBytes].CopyTo(row);
            }
            else
            {
                ResamplePasses.Vertical(from, sourceStride, vertical.Of(y), row);
            }
        }

        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
