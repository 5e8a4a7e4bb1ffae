using System.Buffers;

namespace ZeroShotCir.Imaging.Resampling;

/// <summary>A resize of interleaved RGB in two passes of one kernel; each pass rounds its result to bytes, as Pillow's do.</summary>
/// <remarks>
/// The vertical pass sums rows. So does the horizontal one: blocks of rows are turned on their side, so that
/// the pixels of a row lie one after the other as rows of their own, and what was computed is turned back.
/// </remarks>
/// <typeparam name="TSums">The registers to use.</typeparam>
internal static class ResamplingPass<TSums>
    where TSums : struct, ISixteenSums<TSums>
{
    /// <summary>Rows that are turned at once: few enough that a block stays in the second-level cache.</summary>
    private const int BlockRows = 32;

    /// <summary>Computes the part of a resize that is kept; what lies outside the resized image stays as it is.</summary>
    /// <param name="image">The image.</param>
    /// <param name="horizontal">The weights of the columns.</param>
    /// <param name="vertical">The weights of the rows.</param>
    /// <param name="order">Which pass runs first.</param>
    /// <param name="destination">Count of columns × count of rows × 3 bytes.</param>
    public static void Run(RgbImage image, ResampleWeights horizontal, ResampleWeights vertical, ResizeOrder order, Span<byte> destination)
    {
        (ResampleAxis columns, ResampleAxis rows) = (horizontal.Axis, vertical.Axis);
        if (columns.Computed == 0 || rows.Computed == 0)
        {
            return;
        }

        int stride = columns.Count * 3;
        int sourceStride = image.Width * 3;
        destination = destination[((rows.Lead * stride) + (columns.Lead * 3))..];
        ReadOnlySpan<byte> source = image.Pixels.Span[((vertical.Begin * sourceStride) + (horizontal.Begin * 3))..];
        if (columns.IsCopy)
        {
            ResizeHeight(source, sourceStride, vertical, destination, stride, columns.Computed * 3);
            return;
        }

        if (order == ResizeOrder.Pillow13 && IsHeightFirst(columns, rows))
        {
            int sourceBytes = horizontal.Length * 3;
            byte[] low = ArrayPool<byte>.Shared.Rent(rows.Computed * sourceBytes);
            ResizeHeight(source, sourceStride, vertical, low, sourceBytes, sourceBytes);
            ResizeWidth(low, sourceBytes, rows.Computed, horizontal, destination, stride);
            ArrayPool<byte>.Shared.Return(low);
            return;
        }

        int rowBytes = columns.Computed * 3;
        byte[] narrow = ArrayPool<byte>.Shared.Rent(vertical.Length * rowBytes);
        ResizeWidth(source, sourceStride, vertical.Length, horizontal, narrow, rowBytes);
        ResizeHeight(narrow, rowBytes, vertical, destination, stride, rowBytes);
        ArrayPool<byte>.Shared.Return(narrow);
    }

    private static bool IsHeightFirst(ResampleAxis columns, ResampleAxis rows)
        => rows.Resized < rows.Padded && rows.Padded - rows.Resized > 2 * (columns.Padded - columns.Resized);

    private static void ResizeHeight(ReadOnlySpan<byte> source, int sourceStride, ResampleWeights weights, Span<byte> destination, int stride, int rowBytes)
    {
        for (int y = 0; y < weights.Axis.Computed; y++)
        {
            ReadOnlySpan<byte> from = source[(weights.StartOf(y) * sourceStride)..];
            Span<byte> row = destination.Slice(y * stride, rowBytes);
            if (weights.Axis.IsCopy)
            {
                from[..rowBytes].CopyTo(row);
            }
            else
            {
                WeightedRows.Sum<TSums>(from, sourceStride, weights.Of(y), row);
            }
        }
    }

    private static void ResizeWidth(ReadOnlySpan<byte> source, int sourceStride, int rows, ResampleWeights weights, Span<byte> destination, int stride)
    {
        int sourceBytes = weights.Length * 3;
        int rowBytes = weights.Axis.Computed * 3;
        int block = Math.Min(BlockRows, rows);
        if (!TSums.IsSupported || Math.Min(block, Math.Min(sourceBytes, rowBytes)) < ByteTranspose.Edge)
        {
            for (int y = 0; y < rows; y++)
            {
                SumPixels(source[(y * sourceStride)..], 3, weights, destination.Slice(y * stride, rowBytes));
            }

            return;
        }

        byte[] turned = ArrayPool<byte>.Shared.Rent((sourceBytes + rowBytes) * block);
        Span<byte> turnedSource = turned.AsSpan(0, sourceBytes * block);
        Span<byte> turnedResult = turned.AsSpan(sourceBytes * block, rowBytes * block);
        for (int y = 0; y < rows; y += block)
        {
            // The last block overlaps the one before it where the rows are no multiple of the block.
            int top = Math.Min(y, rows - block);
            ByteTranspose.Transpose(source[(top * sourceStride)..], sourceStride, block, sourceBytes, turnedSource, block);
            SumPixels(turnedSource, 3 * block, weights, turnedResult);
            ByteTranspose.Transpose(turnedResult, block, rowBytes, block, destination[(top * stride)..], stride);
        }

        ArrayPool<byte>.Shared.Return(turned);
    }

    /// <summary>Resizes a row of pixels, each of <paramref name="pixelBytes"/> bytes: three channels of one image row or of a block of them.</summary>
    private static void SumPixels(ReadOnlySpan<byte> source, int pixelBytes, ResampleWeights weights, Span<byte> destination)
    {
        for (int x = 0; x < weights.Axis.Computed; x++)
        {
            WeightedRows.Sum<TSums>(source[(weights.StartOf(x) * pixelBytes)..], pixelBytes, weights.Of(x), destination.Slice(x * pixelBytes, pixelBytes));
        }
    }
}
