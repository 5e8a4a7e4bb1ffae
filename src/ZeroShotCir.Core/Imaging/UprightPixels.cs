using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ZeroShotCir.Imaging;

/// <summary>Writes rows of stored pixels where they belong in the upright picture, so that decoding and turning are one pass.</summary>
/// <remarks>A row y and a column x of the stored picture land on pixel origin + x · column + y · row of the upright one.</remarks>
internal readonly struct UprightPixels
{
    private const int Channels = 3;
    private readonly int _storedWidth;
    private readonly long _origin;
    private readonly long _column;
    private readonly long _row;

    /// <summary>Prepares the way of every pixel.</summary>
    /// <param name="orientation">How the stored pixels lie.</param>
    /// <param name="storedWidth">In pixels; at least 1.</param>
    /// <param name="storedHeight">In pixels; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The orientation is not one of the eight.</exception>
    public UprightPixels(ExifOrientation orientation, int storedWidth, int storedHeight)
    {
        _storedWidth = storedWidth;
        (long w, long h) = (storedWidth, storedHeight);
        (_origin, _column, _row) = orientation switch
        {
            ExifOrientation.Upright => (0L, 1L, w),
            ExifOrientation.Mirrored => (w - 1, -1L, w),
            ExifOrientation.UpsideDown => ((w * h) - 1, -1L, -w),
            ExifOrientation.Flipped => ((h - 1) * w, 1L, -w),
            ExifOrientation.Transposed => (0L, h, 1L),
            ExifOrientation.TurnRight => (h - 1, h, -1L),
            ExifOrientation.Transversed => ((w * h) - 1, -h, -1L),
            ExifOrientation.TurnLeft => ((w - 1) * h, -h, 1L),
            _ => throw new ArgumentOutOfRangeException(nameof(orientation), orientation, "Expected one of the eight orientations."),
        };
        IsTransposed = orientation >= ExifOrientation.Transposed;
        (Width, Height) = IsTransposed ? (storedHeight, storedWidth) : (storedWidth, storedHeight);
    }

    /// <summary>The columns of the upright picture.</summary>
    public int Width { get; }

    /// <summary>The rows of the upright picture.</summary>
    public int Height { get; }

    /// <summary>Whether the stored rows are columns of the upright picture.</summary>
    public bool IsTransposed { get; }

    /// <summary>Whether the first column of the upright picture is stored last.</summary>
    public bool AreColumnsMirrored => (IsTransposed ? _row : _column) < 0;

    /// <summary>Whether the first row of the upright picture is stored last.</summary>
    public bool AreRowsMirrored => (IsTransposed ? _column : _row) < 0;

    /// <summary>Whether every row lands as it is on the place it came from, only without its fourth bytes: then it may be written into the memory it is read from.</summary>
    public bool IsInPlace => _origin == 0 && _column == 1;

    /// <summary>Writes rows.</summary>
    /// <param name="source">The rows of the stored picture: <paramref name="pixelBytes"/> bytes a pixel, of which the first three count.</param>
    /// <param name="pixelBytes">3 or 4.</param>
    /// <param name="firstRow">Which row of the stored picture the source begins with.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="destination">The whole upright picture, three bytes a pixel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(ReadOnlySpan<byte> source, int pixelBytes, int firstRow, int rows, Span<byte> destination)
    {
        int stride = _storedWidth * pixelBytes;
        if (_column == 1)
        {
            for (int y = 0; y < rows; y++)
            {
                Copy(source.Slice(y * stride, stride), pixelBytes, destination.Slice((int)((_origin + ((firstRow + y) * _row)) * Channels), _storedWidth * Channels));
            }

            return;
        }

        // Columns outside, so that the rows of a turned strip are written one after the other.
        for (int x = 0; x < _storedWidth; x++)
        {
            long to = (_origin + (x * _column) + (firstRow * _row)) * Channels;
            int from = x * pixelBytes;
            for (int y = 0; y < rows; y++, from += stride, to += _row * Channels)
            {
                Span<byte> pixel = destination.Slice((int)to, Channels);
                pixel[2] = source[from + 2];
                pixel[1] = source[from + 1];
                pixel[0] = source[from];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(ReadOnlySpan<byte> row, int pixelBytes, Span<byte> destination)
    {
        if (pixelBytes == Channels)
        {
            row.CopyTo(destination);
            return;
        }

        // Four pixels at a time; the four bytes too many are overwritten by the next. Reading runs ahead of writing, also in place.
        Vector128<byte> colours = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 3, 7, 11, 15);
        int from = 0;
        int to = 0;
        for (; to + Vector128<byte>.Count <= destination.Length; from += 4 * 4, to += 4 * Channels)
        {
            Vector128.Shuffle(Vector128.Create(row.Slice(from, Vector128<byte>.Count)), colours).CopyTo(destination.Slice(to, Vector128<byte>.Count));
        }

        for (; to < destination.Length; from += 4, to += Channels)
        {
            (destination[to], destination[to + 1], destination[to + 2]) = (row[from], row[from + 1], row[from + 2]);
        }
    }
}
