using System.Buffers;

namespace ZeroShotCir.Imaging.Skia;

/// <summary>Puts the rows that come where they belong in the upright picture.</summary>
internal sealed class UprightImage(DecodeRoom room) : IImageRowReceiver, IDisposable
{
    private IMemoryOwner<byte>? _pixels;
    private UprightPixels _upright;
    private int _width;
    private int _row;

    public void Begin(int width, int height, ExifOrientation orientation)
    {
        Dispose();
        (_width, _row) = (width, 0);
        _upright = new UprightPixels(orientation, width, height);
        _pixels = room.Rent(width * height * 3);
    }

    public void Add(ReadOnlySpan<byte> rows)
    {
        int count = rows.Length / (_width * 3);
        _upright.Write(rows, 3, _row, count, _pixels!.Memory.Span);
        _row += count;
    }

    /// <summary>The picture, which is the caller's from now on.</summary>
    public RgbImage Take()
    {
        RgbImage image = new(_pixels!, _upright.Width, _upright.Height);
        _pixels = null;
        return image;
    }

    public void Dispose()
    {
        _pixels?.Dispose();
        _pixels = null;
    }
}
