namespace ZeroShotCir.Imaging.Skia;

/// <summary>The compressed pixels of a PNG, which lie in several pieces of its file, as one stream. The file stays the caller's.</summary>
internal sealed class PngDataStream(Stream png, IReadOnlyList<(int Start, int Length)> pieces) : Stream
{
    private int _piece;
    private int _taken;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        while (_piece < pieces.Count && _taken == pieces[_piece].Length)
        {
            (_piece, _taken) = (_piece + 1, 0);
        }

        if (_piece == pieces.Count)
        {
            return 0;
        }

        (int start, int length) = pieces[_piece];
        if (_taken == 0)
        {
            png.Position = start;
        }

        int count = png.Read(buffer[..Math.Min(buffer.Length, length - _taken)]);
        _taken += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
