using ZeroShotCir.Buffers;

namespace ZeroShotCir.Imaging.Resampling;

/// <summary>A resize of interleaved RGB in two passes of one kernel; each pass rounds its result to bytes, as Pillow's do.</summary>
/// <remarks>
/// The pass along the stored columns sums rows of which only the last ones are kept. So does the pass along the stored rows: blocks of
/// rows are turned on their side, so that the pixels of a row lie one after the other as rows of their own, and what was computed is
/// turned back. A picture that is stored turned by 90 degrees has its passes exchanged and its result, which is small, turned.
/// </remarks>
/// <typeparam name="TSums">The registers to use.</typeparam>
internal sealed class RowResampler<TSums> : RowResampler
    where TSums : struct, ISixteenSums<TSums>
{
    private const int Channels = 3;

    /// <summary>Rows that are turned at once: few enough that a block stays in the second-level cache.</summary>
    private const int BlockRows = 32;

    private readonly ResampleWeights _uprightColumns;
    private readonly ResampleWeights _uprightRows;
    private readonly bool _isTransposed;

    // As they are stored: x along a row, y from row to row.
    private readonly ResampleWeights _x;
    private readonly ResampleWeights _y;
    private readonly bool _yFirst;
    private readonly int _resultBytes;
    private readonly RowWindow _window;
    private readonly int _windowBytes;
    private readonly Memory<byte> _destination;

    /// <summary>Whether what is computed fills the destination and lies as it is stored.</summary>
    private readonly bool _isInPlace;
    private RentedArray<byte> _ownResult;

    /// <summary>Where y comes first: rows that await the other pass.</summary>
    private RentedArray<byte> _low;
    private int _arrived;
    private int _needed;
    private int _computed;

    /// <summary>Prepares a resize; <see cref="RowResampler.Create"/> says of what.</summary>
    public RowResampler(ResampleWeights columns, ResampleWeights rows, ResizeOrder order, bool isTransposed, Memory<byte> destination)
    {
        (_uprightColumns, _uprightRows, _isTransposed, _destination) = (columns, rows, isTransposed, destination);
        (_x, _y) = isTransposed ? (rows, columns) : (columns, rows);
        bool heightFirst = order == ResizeOrder.Pillow13 && IsHeightFirst(columns.Axis, rows.Axis);

        // A pass that copies may run at any time; it runs where it costs least.
        _yFirst = !_x.Axis.IsCopy && !_y.Axis.IsCopy && heightFirst != isTransposed;
        _resultBytes = _x.Axis.Computed * Channels;
        _windowBytes = _yFirst ? _x.Length * Channels : _resultBytes;
        _window = new RowWindow(_windowBytes, Math.Min(_y.Length, (2 * _y.MaxTaps) + (2 * BlockRows)));
        _isInPlace = !isTransposed && checked(_resultBytes * _y.Axis.Computed) == destination.Length;
        if (!_isInPlace)
        {
            _ownResult = new RentedArray<byte>(checked(_resultBytes * _y.Axis.Computed));
        }

        _low = _yFirst ? new RentedArray<byte>(checked(Math.Min(BlockRows, _y.Axis.Computed) * _windowBytes)) : default;
        Compute();
    }

    private Span<byte> Result => _isInPlace ? _destination.Span : _ownResult.Span;

    /// <inheritdoc/>
    public override void Add(ReadOnlySpan<byte> pixels)
    {
        int stride = _x.Axis.Source * Channels;
        int rows = pixels.Length / stride;
        int first = Math.Max(0, _y.Begin - _arrived);
        int last = Math.Min(rows, _y.Begin + _y.Length - _arrived);
        _arrived += rows;
        if (_y.Axis.IsCopy && !_y.Axis.IsMirrored)
        {
            // Every row is a row of the result.
            if (first < last)
            {
                WriteRows(pixels, stride, first, last - first, Result[(_computed * _resultBytes)..]);
                _computed += last - first;
            }

            return;
        }

        while (first < last)
        {
            // The last block takes what would be too little for one of its own.
            int count = last - first < 2 * BlockRows ? last - first : BlockRows;
            WriteRows(pixels, stride, first, count, _window.Append(count, _needed));
            first += count;
            Compute();
        }
    }

    /// <inheritdoc/>
    public override void Finish()
    {
        if (_isInPlace)
        {
            return;
        }

        (ResampleAxis columns, ResampleAxis rows) = (_uprightColumns.Axis, _uprightRows.Axis);
        int stride = columns.Count * Channels;
        ReadOnlySpan<byte> result = Result;
        Span<byte> destination = _destination.Span[((rows.Lead * stride) + (columns.Lead * Channels))..];
        if (!_isTransposed)
        {
            for (int y = 0; y < rows.Computed; y++)
            {
                result.Slice(y * _resultBytes, _resultBytes).CopyTo(destination[(y * stride)..]);
            }

            return;
        }

        for (int y = 0; y < rows.Computed; y++)
        {
            Span<byte> row = destination.Slice(y * stride, columns.Computed * Channels);
            for (int x = 0; x < columns.Computed; x++)
            {
                result.Slice((x * _resultBytes) + (y * Channels), Channels).CopyTo(row[(x * Channels)..]);
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _window.Dispose();
        _ownResult.Dispose();
        _low.Dispose();
    }

    private static bool IsHeightFirst(ResampleAxis columns, ResampleAxis rows)
        => rows.Resized < rows.Padded && rows.Padded - rows.Resized > 2 * (columns.Padded - columns.Resized);

    private static void ResizeWidth(ReadOnlySpan<byte> source, int sourceStride, int rows, ResampleWeights weights, Span<byte> destination, int stride)
    {
        int sourceBytes = weights.Length * Channels;
        int rowBytes = weights.Axis.Computed * Channels;
        int block = Math.Min(BlockRows, rows);
        if (!TSums.IsSupported || Math.Min(block, Math.Min(sourceBytes, rowBytes)) < ByteTranspose.Edge)
        {
            for (int y = 0; y < rows; y++)
            {
                SumPixels(source[(y * sourceStride)..], Channels, weights, destination.Slice(y * stride, rowBytes));
            }

            return;
        }

        using RentedArray<byte> turned = new(checked((sourceBytes + rowBytes) * block));
        Span<byte> turnedSource = turned.Span[..(sourceBytes * block)];
        Span<byte> turnedResult = turned.Span[(sourceBytes * block)..];
        for (int y = 0; y < rows; y += block)
        {
            // The last block overlaps the one before it where the rows are no multiple of the block.
            int top = Math.Min(y, rows - block);
            ByteTranspose.Transpose(source[(top * sourceStride)..], sourceStride, block, sourceBytes, turnedSource, block);
            SumPixels(turnedSource, Channels * block, weights, turnedResult);
            ByteTranspose.Transpose(turnedResult, block, rowBytes, block, destination[(top * stride)..], stride);
        }
    }

    /// <summary>Resizes a row of pixels, each of <paramref name="pixelBytes"/> bytes: three channels of one image row or of a block of them.</summary>
    private static void SumPixels(ReadOnlySpan<byte> source, int pixelBytes, ResampleWeights weights, Span<byte> destination)
    {
        for (int x = 0; x < weights.Axis.Computed; x++)
        {
            WeightedRows.Sum<TSums>(source[(weights.StartOf(x) * pixelBytes)..], pixelBytes, weights.At(x), destination.Slice(x * pixelBytes, pixelBytes));
        }
    }

    /// <summary>Takes rows as they are, or resized along x where that comes first.</summary>
    private void WriteRows(ReadOnlySpan<byte> pixels, int stride, int first, int count, Span<byte> destination)
    {
        ReadOnlySpan<byte> from = pixels[((first * stride) + (_x.Begin * Channels))..];
        if (_yFirst || (_x.Axis.IsCopy && !_x.Axis.IsMirrored))
        {
            for (int y = 0; y < count; y++)
            {
                from.Slice(y * stride, _windowBytes).CopyTo(destination[(y * _windowBytes)..]);
            }

            return;
        }

        ResizeWidth(from, stride, count, _x, destination, _windowBytes);
    }

    /// <summary>Computes every row whose last tap has come, in the order in which they come: from the last one where the picture is stored upside down.</summary>
    private void Compute()
    {
        int rows = _y.Axis.Computed;
        for (; _computed < rows; _computed++)
        {
            int y = _y.Axis.IsMirrored ? rows - 1 - _computed : _computed;
            ReadOnlySpan<int> weights = _y.At(y);
            int start = _y.StartOf(y);
            if (!weights.IsEmpty && start + weights.Length > _window.End)
            {
                _needed = Math.Min(start, _window.End);
                return;
            }

            Span<byte> row = _yFirst ? _low.Span.Slice(_computed % BlockRows * _windowBytes, _windowBytes) : Result.Slice(y * _resultBytes, _resultBytes);
            if (weights.IsEmpty)
            {
                row.Clear();
            }
            else if (_y.Axis.IsCopy)
            {
                _window.From(start)[.._windowBytes].CopyTo(row);
            }
            else
            {
                WeightedRows.Sum<TSums>(_window.From(start), _windowBytes, weights, row);
            }

            if (_yFirst && (_computed % BlockRows == BlockRows - 1 || _computed == rows - 1))
            {
                FinishBlock();
            }
        }

        _needed = _window.End;
    }

    /// <summary>Runs the second pass over the rows that the first one left.</summary>
    private void FinishBlock()
    {
        int first = _computed / BlockRows * BlockRows;
        int count = _computed - first + 1;
        Span<byte> low = _low.Span;
        if (!_y.Axis.IsMirrored)
        {
            ResizeWidth(low, _windowBytes, count, _x, Result[(first * _resultBytes)..], _resultBytes);
            return;
        }

        for (int i = 0; i < count / 2; i++)
        {
            // The rows came from the last one on.
            Span<byte> one = low.Slice(i * _windowBytes, _windowBytes), other = low.Slice((count - 1 - i) * _windowBytes, _windowBytes);
            for (int x = 0; x < one.Length; x++)
            {
                (one[x], other[x]) = (other[x], one[x]);
            }
        }

        ResizeWidth(low, _windowBytes, count, _x, Result[((_y.Axis.Computed - 1 - _computed) * _resultBytes)..], _resultBytes);
    }
}
