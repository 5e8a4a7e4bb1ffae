using ImageMagick;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests;

/// <summary>A small picture whose every pixel is known, and its files in the formats that ImageMagick writes.</summary>
internal static class Picture
{
    public const int Width = 37;
    public const int Height = 23;

    /// <summary>The pixels, red, green, blue; no two rows and no two columns are alike.</summary>
    public static byte[] Rgb { get; } = [.. from y in Enumerable.Range(0, Height) from x in Enumerable.Range(0, Width) from v in Colour(x, y) select v];

    public static byte[] Colour(int x, int y) => [(byte)(x * 6), (byte)(y * 11), (byte)((x * y) + 11)];

    public static MagickImage Image(byte alpha = 255)
    {
        byte[] rgba = [.. Enumerable.Range(0, Width * Height).SelectMany(i => Colour(i % Width, i / Width).Append(alpha))];
        MagickImage image = new();
        image.ReadPixels(rgba, new PixelReadSettings(Width, Height, StorageType.Char, PixelMapping.RGBA));
        if (alpha == 255)
        {
            image.HasAlpha = false;
        }

        return image;
    }

    public static byte[] Write(MagickFormat format, Action<MagickImage>? change = null)
    {
        using MagickImage image = Image();
        change?.Invoke(image);
        return image.ToByteArray(format);
    }

    public static byte[] Tiff(CompressionMethod compression, Action<MagickImage>? change = null)
        => Write(MagickFormat.Tiff, image =>
        {
            image.Settings.Compression = compression;
            change?.Invoke(image);
        });

    /// <summary>The pixels as EXIF defines orientations: where the stored row 0 and column 0 are to be seen.</summary>
    public static RgbImage Stored(int orientation)
    {
        (int width, int height) = orientation >= 5 ? (Height, Width) : (Width, Height);
        byte[] pixels = new byte[Rgb.Length];
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                (int x, int y) = orientation switch
                {
                    2 => (Width - 1 - column, row),
                    3 => (Width - 1 - column, Height - 1 - row),
                    4 => (column, Height - 1 - row),
                    5 => (row, column),
                    6 => (Width - 1 - row, column),
                    7 => (Width - 1 - row, Height - 1 - column),
                    8 => (row, Height - 1 - column),
                    _ => (column, row),
                };
                Colour(x, y).CopyTo(pixels, 3 * ((row * width) + column));
            }
        }

        return new RgbImage(pixels, width, height);
    }

    public static byte[] StoredTiff(int orientation, CompressionMethod compression = CompressionMethod.LZW)
    {
        RgbImage stored = Stored(orientation);
        using MagickImage image = new();
        image.ReadPixels(stored.Pixels.ToArray(), new PixelReadSettings((uint)stored.Width, (uint)stored.Height, StorageType.Char, PixelMapping.RGB));
        image.Settings.Compression = compression;
        image.Orientation = (Orientation)orientation;
        return image.ToByteArray(MagickFormat.Tiff);
    }
}
