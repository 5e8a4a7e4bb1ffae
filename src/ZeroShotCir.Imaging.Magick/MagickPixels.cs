using System.Buffers;
using ImageMagick;

namespace ZeroShotCir.Imaging.Magick;

/// <summary>What ImageMagick decoded, as red, green and blue.</summary>
internal static class MagickPixels
{
    private const int StripRows = 16;

    /// <summary>Copies the pixels to where they belong in the upright picture.</summary>
    public static RgbImage ToRgb(MagickImage image, ExifOrientation orientation, DecodeRoom room)
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
                byte[] strip = pixels.ToByteArray(0, y, (uint)width, (uint)rows, isCmyk ? PixelMapping.CMYK : PixelMapping.RGB)
                    ?? throw new InvalidImageException("ImageMagick gave no pixels. Replace the file.");
                if (isCmyk)
                {
                    CmykToRgb(strip);
                }

                upright.Write(strip, isCmyk ? 4 : 3, y, rows, rgb.Memory.Span);
            }

            return new RgbImage(rgb, upright.Width, upright.Height);
        }
        catch
        {
            rgb.Dispose();
            throw;
        }
    }

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
