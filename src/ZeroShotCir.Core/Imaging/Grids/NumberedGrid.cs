using ZeroShotCir.Imaging.Resampling;

namespace ZeroShotCir.Imaging.Grids;

/// <summary>Draws several pictures as one, in rows, each below its number: for models that compare pictures better when they see them together.</summary>
/// <remarks>
/// A picture keeps its proportions and is never enlarged; it stands in the middle of its cell, which is light gray around it. Numbers are
/// drawn from a font of our own, black on white, so that a grid is the same on every machine. Immutable; serves concurrent callers.
/// </remarks>
public sealed class NumberedGrid
{
    private const int Gap = 8;
    private const byte Paper = 255;
    private const byte Around = 224;
    private readonly IImageDecoder _decoder;
    private readonly NumberedGridOptions _options;

    /// <summary>Creates grids.</summary>
    /// <param name="decoder">Decodes the pictures.</param>
    /// <param name="options">How they are drawn; <see langword="null"/> for the defaults.</param>
    public NumberedGrid(IImageDecoder decoder, NumberedGridOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        _decoder = decoder;
        _options = options?.Copy() ?? new NumberedGridOptions();
        Scale = Math.Max(1, _options.Edge / 56);
    }

    private int Scale { get; }

    private int Strip => (DigitFont.Height * Scale) + Gap;

    /// <summary>The longer edge of a picture in the grid, in pixels.</summary>
    public int Edge => _options.Edge;

    /// <summary>The size of a grid.</summary>
    /// <param name="count">The number of pictures, at least 1.</param>
    /// <returns>In pixels.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    public ImageSize SizeOf(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        int columns = ColumnsOf(count), rows = (count + columns - 1) / columns;
        return new ImageSize((columns * (_options.Edge + Gap)) + Gap, (rows * (_options.Edge + Strip + Gap)) + Gap);
    }

    /// <summary>Draws a grid.</summary>
    /// <param name="pictures">The pictures, at least 1; they are numbered from 1 in this order, row by row.</param>
    /// <returns>The grid, as PNG.</returns>
    /// <exception cref="ArgumentException">There is no picture.</exception>
    /// <exception cref="InvalidImageException">A picture cannot be decoded, or the grid has more than 2 GB.</exception>
    public ImageData Draw(IReadOnlyList<ImageData> pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        if (pictures.Count == 0)
        {
            throw new ArgumentException("A grid needs at least one picture.", nameof(pictures));
        }

        ImageSize size = SizeOf(pictures.Count);
        if (3L * size.Width * size.Height > Array.MaxLength)
        {
            throw new InvalidImageException(
                $"A grid of {pictures.Count} pictures of {_options.Edge} pixels has {size.Width} × {size.Height} pixels. Show fewer, or "
                    + $"lower {nameof(NumberedGridOptions)}.{nameof(NumberedGridOptions.Edge)}.");
        }

        byte[] pixels = new byte[3 * size.Width * size.Height];
        pixels.AsSpan().Fill(Paper);
        int columns = ColumnsOf(pictures.Count);
        for (int i = 0; i < pictures.Count; i++)
        {
            int x = Gap + (i % columns * (_options.Edge + Gap)), y = Gap + (i / columns * (_options.Edge + Strip + Gap));
            DigitFont.Draw(i + 1, pixels, size.Width, x, y, Scale);
            DrawPicture(pictures[i], pixels, size.Width, x, y + Strip);
        }

        return PngFile.Encode(pixels, size.Width, size.Height);
    }

    private int ColumnsOf(int count) => Math.Min(count, _options.Columns ?? (int)Math.Ceiling(Math.Sqrt(count)));

    private void DrawPicture(ImageData picture, byte[] grid, int gridWidth, int left, int top)
    {
        using RgbImage decoded = _decoder.Decode(picture, _options.DecodeOptions);
        int edge = _options.Edge;
        double scale = Math.Min(1, (double)edge / Math.Max(decoded.Width, decoded.Height));
        int width = Math.Max(1, (int)Math.Round(decoded.Width * scale)), height = Math.Max(1, (int)Math.Round(decoded.Height * scale));
        using RgbImage? small = scale < 1 ? ImageResampler.Resize(decoded, width, height, ResampleFilter.Bilinear) : null;
        ReadOnlySpan<byte> from = (small ?? decoded).Pixels.Span;
        int dx = (edge - width) / 2, dy = (edge - height) / 2;
        for (int y = 0; y < edge; y++)
        {
            Span<byte> row = grid.AsSpan((((top + y) * gridWidth) + left) * 3, edge * 3);
            row.Fill(Around);
            if (y >= dy && y < dy + height)
            {
                from.Slice((y - dy) * width * 3, width * 3).CopyTo(row[(dx * 3)..]);
            }
        }
    }
}
