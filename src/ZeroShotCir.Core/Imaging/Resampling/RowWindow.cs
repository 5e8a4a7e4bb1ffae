using ZeroShotCir.Buffers;

namespace ZeroShotCir.Imaging.Resampling;

/// <summary>The last rows of a picture that came, as many as a vertical pass may still ask for.</summary>
internal sealed class RowWindow : IDisposable
{
    private readonly int _rowBytes;
    private readonly int _capacity;
    private RentedArray<byte> _rows;
    private int _first;

    /// <summary>Makes room.</summary>
    /// <param name="rowBytes">Bytes of a row.</param>
    /// <param name="capacity">Rows that may be held.</param>
    public RowWindow(int rowBytes, int capacity)
    {
        _rowBytes = rowBytes;
        _capacity = capacity;
        _rows = new RentedArray<byte>(checked(rowBytes * capacity));
    }

    /// <summary>The row that comes next.</summary>
    public int End { get; private set; }

    /// <summary>Makes room for rows, which the caller writes.</summary>
    /// <param name="count">How many rows.</param>
    /// <param name="needed">The first row that is needed still; those before it may be forgotten.</param>
    public Span<byte> Append(int count, int needed)
    {
        if (End - _first + count > _capacity)
        {
            _rows.Span.Slice((needed - _first) * _rowBytes, (End - needed) * _rowBytes).CopyTo(_rows.Span);
            _first = needed;
        }

        Span<byte> room = _rows.Span.Slice((End - _first) * _rowBytes, count * _rowBytes);
        End += count;
        return room;
    }

    /// <summary>The rows from one on.</summary>
    public ReadOnlySpan<byte> From(int row) => _rows.Span.Slice((row - _first) * _rowBytes, (End - row) * _rowBytes);

    /// <inheritdoc/>
    public void Dispose() => _rows.Dispose();
}
