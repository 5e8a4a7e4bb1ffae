using System.Text;

namespace ZeroShotCir.Answers;

/// <summary>Reads a file line by line and says where each line is; in memory is no more than the longest.</summary>
/// <param name="stream">The file, at its beginning.</param>
/// <param name="path">What it is called in messages.</param>
internal sealed class LineReader(Stream stream, string path)
{
    private byte[] _buffer = new byte[1 << 16];
    private long _bufferOffset;
    private int _start;
    private int _filled;
    private int _length;

    /// <summary>Where the line begins.</summary>
    public long Offset => _bufferOffset + _start;

    /// <summary>The line without its end; until the next is read.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_start, _length);

    /// <summary>Whether the file ends in the line, without an end of it.</summary>
    public bool IsTorn { get; private set; }

    /// <summary>Reads the next line.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="InvalidAnswerStoreException">The line is longer than memory can hold.</exception>
    public bool Read()
    {
        if (_filled == 0)
        {
            Fill();
            _start = _buffer.AsSpan(0, _filled).StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        }
        else
        {
            _start += _length + (IsTorn ? 0 : 1);
        }

        for (int searched = 0; ;)
        {
            int end = _buffer.AsSpan(_start + searched, _filled - _start - searched).IndexOf((byte)'\n');
            if (end >= 0)
            {
                _length = searched + end;
                return true;
            }

            searched = _filled - _start;
            if (!Fill())
            {
                _length = searched;
                IsTorn = true;
                return searched > 0;
            }
        }
    }

    // The line that has begun moves to the front, and what follows is read behind it.
    private bool Fill()
    {
        int begun = _filled - _start;
        if (begun == _buffer.Length)
        {
            Array.Resize(
                ref _buffer,
                begun < Array.MaxLength ? (int)Math.Min(2L * begun, Array.MaxLength) : throw new InvalidAnswerStoreException(
                    $"The file of answers '{path}' has a line of more than {begun} bytes at {Offset}, which nobody wrote as an answer. Delete that line."));
        }

        _buffer.AsSpan(_start, begun).CopyTo(_buffer);
        _bufferOffset += _start;
        _start = 0;
        int read = stream.Read(_buffer, begun, _buffer.Length - begun);
        _filled = begun + read;
        return read > 0;
    }
}
