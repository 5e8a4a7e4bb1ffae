using System.Buffers;
using ImageMagick;
using ZeroShotCir.Buffers;

namespace ZeroShotCir.Imaging.Magick;

/// <summary>What ImageMagick decoded, as red, green and blue.</summary>
/// <remarks>Its pixels are read where they lie: copies of large pictures would be as much garbage as the pictures themselves.</remarks>
internal sealed class MagickPixels(MagickImage image)
{
    private const int StripRows = 16;
    private const int Rgb = 3;

    /// <summary>The colors that the pixels are indices of, where they are more exact than ImageMagick's.</summary>
    public byte[]? Palette { get; init; }

    /// <summary>Whether ImageMagick's red is the gray of the picture, and its green the alpha.</summary>
    public bool IsFirstChannelGray { get; init; }

    /// <summary>Copies the pixels to where they belong in the upright picture.</summary>
    public RgbImage ToRgb(ExifOrientation orientation, DecodeRoom room)
    {
        (int width, int height) = ((int)image.Width, (int)image.Height);
        if (image.ColorSpace is not (ColorSpace.CMYK or ColorSpace.sRGB or ColorSpace.RGB or ColorSpace.Gray))
        {
            image.ColorSpace = ColorSpace.sRGB;
        }

        UprightPixels upright = new(orientation, width, height);
        IMemoryOwner<byte> rgb = room.Rent(Rgb * width * height);
        try
        {
            using RentedArray<byte> strip = new(checked(Rgb * width * Math.Min(StripRows, height)));
            using IUnsafePixelCollection<byte> pixels = image.GetPixelsUnsafe();
            for (int y = 0; y < height; y += StripRows)
            {
                int rows = Math.Min(StripRows, height - y);
                Span<byte> colors = strip.Span[..(Rgb * width * rows)];
                Copy(pixels, AreaOf(pixels, y, rows), colors);
                upright.Write(colors, Rgb, y, rows, rgb.Memory.Span);
            }

            return new RgbImage(rgb, upright.Width, upright.Height);
        }
        catch
        {
            rgb.Dispose();
            throw;
        }
    }

    /// <summary>All channels of some whole rows, pixel by pixel.</summary>
    private unsafe ReadOnlySpan<byte> AreaOf(IUnsafePixelCollection<byte> pixels, int y, int rows)
        => pixels.GetAreaPointer(0, y, image.Width, (uint)rows) is var start && start != 0
            ? new ReadOnlySpan<byte>((void*)start, checked((int)(image.Width * (uint)rows * pixels.Channels)))
            : throw new InvalidImageException("ImageMagick gave no pixels. Replace the file.");

    private void Copy(IUnsafePixelCollection<byte> pixels, ReadOnlySpan<byte> samples, Span<byte> colors)
    {
        int channels = (int)pixels.Channels;
        int Place(PixelChannel channel, int otherwise) => (int)(pixels.GetChannelIndex(channel) ?? (uint)otherwise);
        if (Palette is not null && pixels.GetChannelIndex(PixelChannel.Index) is { } index)
        {
            CopyIndexed(samples, channels, (int)index, colors);
        }
        else if (image.ColorSpace == ColorSpace.CMYK)
        {
            CopyCmyk(samples, channels, Place(PixelChannel.Black, channels - 1), colors);
        }
        else
        {
            int red = Place(PixelChannel.Red, 0);
            bool isGray = IsFirstChannelGray || image.ColorSpace == ColorSpace.Gray;
            CopyRgb(samples, channels, (red, isGray ? red : Place(PixelChannel.Green, red), isGray ? red : Place(PixelChannel.Blue, red)), colors);
        }
    }

    private void CopyIndexed(ReadOnlySpan<byte> samples, int channels, int index, Span<byte> colors)
    {
        colors.Clear();
        for (int from = index, to = 0; to < colors.Length; from += channels, to += Rgb)
        {
            int color = Rgb * samples[from];
            if (color < Palette!.Length)
            {
                Palette.AsSpan(color, Rgb).CopyTo(colors[to..]);
            }
        }
    }

    private static void CopyRgb(ReadOnlySpan<byte> samples, int channels, (int Red, int Green, int Blue) places, Span<byte> colors)
    {
        if (channels == Rgb && places == (0, 1, 2))
        {
            samples.CopyTo(colors);
            return;
        }

        for (int from = 0, to = 0; to < colors.Length; from += channels, to += Rgb)
        {
            colors[to] = samples[from + places.Red];
            colors[to + 1] = samples[from + places.Green];
            colors[to + 2] = samples[from + places.Blue];
        }
    }

    /// <summary>As Pillow does: 255 − C·(255 − K)/255 − K, the quotient rounded.</summary>
    private static void CopyCmyk(ReadOnlySpan<byte> samples, int channels, int blackAt, Span<byte> colors)
    {
        for (int from = 0, to = 0; to < colors.Length; from += channels, to += Rgb)
        {
            int black = samples[from + blackAt];
            for (int channel = 0; channel < Rgb; channel++)
            {
                int product = (samples[from + channel] * (255 - black)) + 128;
                colors[to + channel] = (byte)Math.Max(0, 255 - black - (((product >> 8) + product) >> 8));
            }
        }
    }
}
