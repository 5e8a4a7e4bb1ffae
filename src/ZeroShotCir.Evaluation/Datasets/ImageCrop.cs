using System.Buffers.Binary;
using System.Globalization;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>
/// A box of an image in pixels of the file, grown and padded with black to a square, as GeneCIS cuts out objects
/// (facebookresearch/genecis, <c>datasets/vaw_dataset.py</c>).
/// </summary>
public sealed record ImageCrop
{
    /// <summary>Makes a box.</summary>
    /// <param name="x">The left edge.</param>
    /// <param name="y">The upper edge.</param>
    /// <param name="width">The width.</param>
    /// <param name="height">The height.</param>
    /// <param name="dilation">
    /// By what share of its size the box grows to the left and upwards; its far edges stay, as in the published code, unless the image's
    /// edge stops the growth, which then goes to the other side. 0.7 in GeneCIS.
    /// </param>
    public ImageCrop(double x, double y, double width, double height, double dilation = 0.7)
    {
        X = x;
        Y = y;
        Width = width;
        Height = height;
        Dilation = dilation;
    }

    /// <summary>The left edge.</summary>
    public double X { get; init; }

    /// <summary>The upper edge.</summary>
    public double Y { get; init; }

    /// <summary>The width.</summary>
    public double Width { get; init; }

    /// <summary>The height.</summary>
    public double Height { get; init; }

    /// <summary>
    /// By what share of its size the box grows to the left and upwards; its far edges stay, as in the published code, unless the image's
    /// edge stops the growth, which then goes to the other side. 0.7 in GeneCIS.
    /// </summary>
    public double Dilation { get; init; }

    private const int HeaderBytes = 54;

    /// <summary>The box as text that is the same in every culture, to know its pixels by.</summary>
    internal string Key => string.Create(CultureInfo.InvariantCulture, $"{X:R},{Y:R},{Width:R},{Height:R},{Dilation:R}");

    /// <summary>Cuts the box out.</summary>
    /// <param name="image">The pixels of the whole file.</param>
    /// <param name="source">Where they come from, for messages.</param>
    /// <returns>The square, as an uncompressed bitmap, so that nothing is lost on the way to the encoder.</returns>
    /// <exception cref="InvalidImageException">The box lies outside the image.</exception>
    public ImageData Apply(RgbImage image, string? source)
    {
        ArgumentNullException.ThrowIfNull(image);
        double x = Math.Max(0, X - (Dilation * Width));
        double y = Math.Max(0, Y - (Dilation * Height));
        int left = Pixel(x);
        int top = Pixel(y);
        int width = Pixel(Math.Min(image.Width, x + ((1 + Dilation) * Width))) - left;
        int height = Pixel(Math.Min(image.Height, y + ((1 + Dilation) * Height))) - top;
        if (width < 1 || height < 1)
        {
            throw new InvalidImageException(
                $"The box {Key} leaves nothing of the image '{source}' of {image.Width} by {image.Height} pixels. Image and annotation must be of one release.");
        }

        return ImageData.FromBytes(Encode(image, left, top, width, height), source);
    }

    // Python rounds halves to even.
    private static int Pixel(double edge) => (int)Math.Round(edge, MidpointRounding.ToEven);

    private static byte[] Encode(RgbImage image, int left, int top, int width, int height)
    {
        int side = Math.Max(width, height);
        int offsetX = (side - width) / 2;
        int offsetY = (side - height) / 2;
        int stride = ((side * 3) + 3) / 4 * 4;
        byte[] bitmap = new byte[HeaderBytes + (stride * side)];
        WriteHeader(bitmap, side);
        ReadOnlySpan<byte> pixels = image.Pixels.Span;
        for (int y = 0; y < height; y++)
        {
            // Rows of a bitmap go from the bottom to the top, and its pixels are blue, green, red.
            int row = HeaderBytes + ((side - 1 - (y + offsetY)) * stride) + (offsetX * 3);
            int from = (((top + y) * image.Width) + left) * 3;
            for (int i = 0; i < width * 3; i += 3)
            {
                bitmap[row + i] = pixels[from + i + 2];
                bitmap[row + i + 1] = pixels[from + i + 1];
                bitmap[row + i + 2] = pixels[from + i];
            }
        }

        return bitmap;
    }

    private static void WriteHeader(Span<byte> bitmap, int side)
    {
        bitmap[0] = (byte)'B';
        bitmap[1] = (byte)'M';
        BinaryPrimitives.WriteInt32LittleEndian(bitmap[2..], bitmap.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap[10..], HeaderBytes);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap[14..], HeaderBytes - 14);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap[18..], side);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap[22..], side);
        BinaryPrimitives.WriteInt16LittleEndian(bitmap[26..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(bitmap[28..], 24);
    }
}
