using System.Buffers;
using ImageMagick;

namespace ZeroShotCir.Imaging.Magick;

/// <summary>What ImageMagick decoded, as red, green and blue.</summary>
internal sealed class MagickPixels(MagickImage image)
{
    private const int StripRows = 16;

    /// <summary>The colours that the pixels are indices of, where they are more exact than ImageMagick's.</summary>
    public byte[]? Palette { get; init; }

    /// <summary>Whether ImageMagick's red is the gray of the picture, and its green the alpha.</summary>
    public bool IsFirstChannelGray { get; init; }

    /// <summary>Copies the pixels to where they belong in the upright picture.</summary>
    public RgbImage ToRgb(ExifOrientation orientation, DecodeRoom room)
    {
        (int width, int height) = ((int)image.Width, (int)image.Height);
        bool isCmyk = image.ColorSpace == ColorSpace.CMYK;
        if (!isCmyk && image.ColorSpace is not (ColorSpace.sRGB or ColorSpace.RGB))
        {
            image.ColorSpace = ColorSpace.sRGB;
        }

        UprightPixels upright = new(orientation, width, height);
        IMemoryOwner<byte> rgb = room.Rent(3 * width * height);
        try
        {
            using IUnsafePixelCollection<byte> pixels = image.GetPixelsUnsafe();
            for (int y = 0; y < height; y += StripRows)
            {
                int rows = Math.Min(StripRows, height - y);
                upright.Write(isCmyk ? FromCmyk(pixels, y, rows) : FromIndices(pixels, y, rows) ?? FromRgb(pixels, y, rows), isCmyk ? 4 : 3, y, rows, rgb.Memory.Span);
            }

            return new RgbImage(rgb, upright.Width, upright.Height);
        }
        catch
        {
            rgb.Dispose();
            throw;
        }
    }

    private byte[] FromCmyk(IUnsafePixelCollection<byte> pixels, int y, int rows)
    {
        byte[] strip = Read(pixels, y, rows, PixelMapping.CMYK);
        CmykToRgb(strip);
        return strip;
    }

    private byte[] FromRgb(IUnsafePixelCollection<byte> pixels, int y, int rows)
    {
        byte[] strip = Read(pixels, y, rows, PixelMapping.RGB);
        for (int pixel = 0; IsFirstChannelGray && pixel + 2 < strip.Length; pixel += 3)
        {
            strip[pixel + 1] = strip[pixel + 2] = strip[pixel];
        }

        return strip;
    }

    private byte[]? FromIndices(IUnsafePixelCollection<byte> pixels, int y, int rows)
    {
        if (Palette is null || pixels.GetChannelIndex(PixelChannel.Index) is not { } index || pixels.GetArea(0, y, image.Width, (uint)rows) is not { } samples)
        {
            return null;
        }

        int channels = (int)pixels.Channels;
        byte[] strip = new byte[samples.Length / channels * 3];
        for (int pixel = 0; pixel * 3 < strip.Length; pixel++)
        {
            int color = 3 * samples[(pixel * channels) + (int)index];
            if (color < Palette.Length)
            {
                Palette.AsSpan(color, 3).CopyTo(strip.AsSpan(3 * pixel));
            }
        }

        return strip;
    }

    private byte[] Read(IUnsafePixelCollection<byte> pixels, int y, int rows, PixelMapping mapping)
        => pixels.ToByteArray(0, y, image.Width, (uint)rows, mapping) ?? throw new InvalidImageException("ImageMagick gave no pixels. Replace the file.");

    /// <summary>In place, as Pillow does: 255 − C·(255 − K)/255 − K, the quotient rounded.</summary>
    private static void CmykToRgb(byte[] cmyk)
    {
        for (int pixel = 0; pixel + 3 < cmyk.Length; pixel += 4)
        {
            int black = cmyk[pixel + 3];
            for (int channel = 0; channel < 3; channel++)
            {
                int product = (cmyk[pixel + channel] * (255 - black)) + 128;
                cmyk[pixel + channel] = (byte)Math.Max(0, 255 - black - (((product >> 8) + product) >> 8));
            }
        }
    }
}
