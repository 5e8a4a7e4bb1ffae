using System.Buffers;
using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.PixelFormats;

namespace ZeroShotCir.Imaging.ImageSharp;

/// <summary>Decodes JPEG, PNG, WebP, BMP, GIF and TIFF by SixLabors.ImageSharp: wholly managed, for where no native library may be.</summary>
/// <remarks>
/// <para>
/// Thread-safe. Equal to Pillow's <c>convert("RGB")</c>: PNG, BMP, opaque GIF, lossless WebP, TIFF without JPEG. Not equal: <b>JPEG</b>, whose color
/// is scaled up in another way (with 4:2:0, which most cameras write, nine values of ten differ, by two gray levels in the mean and up to
/// 87 at edges; with 4:4:4 by 3 at most), lossy WebP by rounding, and a GIF's transparent pixels, which are black. So take it
/// where native code cannot run or TIFF is all that is missing, and use it for the gallery and for the queries alike.
/// Animated WebP, TIFF in CMYK and 12-bit JPEG are refused.
/// </para>
/// <para>
/// Alpha is dropped and not blended, color profiles are not applied, 16-bit samples of PNG and TIFF keep the high byte, and the
/// first picture of a file counts. Sizes are read from the header and checked before memory for pixels is taken.
/// </para>
/// </remarks>
public sealed class ImageSharpImageDecoder : IImageDecoder
{
    private readonly Configuration _configuration = new();

    /// <inheritdoc/>
    public string Name => "imagesharp";

    /// <inheritdoc/>
    /// <value>JPEG, PNG, WebP, BMP, GIF and TIFF.</value>
    public IReadOnlyCollection<ImageFormat> Formats => FormatDecoders.All.Keys;

    /// <inheritdoc/>
    public RgbImage Decode(ReadOnlySpan<byte> encoded, DecodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (encoded.IsEmpty)
        {
            throw new InvalidImageException($"The image has no bytes; expected {string.Join(", ", Formats)}.");
        }

        options.Limits.ThrowIfTooLong(encoded.Length);
        if (ImageFormat.Recognize(encoded) is not { } format || !FormatDecoders.All.TryGetValue(format, out SixLabors.ImageSharp.Formats.IImageDecoder? decoder))
        {
            throw new InvalidImageException(
                $"The {encoded.Length} bytes begin with {Convert.ToHexString(encoded[..Math.Min(8, encoded.Length)])}; expected {string.Join(", ", Formats)}.");
        }

        if (FileEnd.IsMissing(format, encoded))
        {
            throw new InvalidImageException($"The {format} image is truncated: its data ends early. Fetch the file again.");
        }

        try
        {
            return Decode(encoded, format, decoder, options);
        }
        catch (UnknownImageFormatException e)
        {
            throw new InvalidImageException($"The {format} image is of a kind that ImageSharp does not read. Save it in another format.", e);
        }
        catch (Exception e) when (e is not (InvalidImageException or OutOfMemoryException))
        {
            // Of damaged files the managed decoders throw whatever an index or a cast throws.
            throw new InvalidImageException(
                $"The {format} image is corrupt, truncated or of an unsupported kind: {e.Message} "
                + "Fetch the file again, or save it in another format.", e);
        }
    }

    private unsafe RgbImage Decode(ReadOnlySpan<byte> encoded, ImageFormat format, SixLabors.ImageSharp.Formats.IImageDecoder decoder, DecodeOptions options)
    {
        fixed (byte* bytes = encoded)
        {
            using UnmanagedMemoryStream stream = new(bytes, encoded.Length);
            IImageInfo header = ((IImageInfoDetector)decoder).Identify(_configuration, stream, default)
                ?? throw new InvalidImageException("The image has no header that can be read. Replace the file.");
            options.Limits.ThrowIfTooLarge(header.Width, header.Height);
            bool isWide = FormatDecoders.HasWideSamples(header, format);
            using DecodeRoom room = options.Memory.Reserve((isWide ? 9L : 6L) * header.Width * header.Height);
            ExifOrientation orientation = options.Orientation == ImageOrientation.Apply ? ExifReader.ReadOrientation(encoded) : ExifOrientation.Upright;
            stream.Position = 0;
            if (isWide)
            {
                using Image<Rgb48> wide = decoder.Decode<Rgb48>(_configuration, stream, default);
                return ToRgb(wide, HighBytes, orientation, room);
            }

            using Image<Rgb24> image = decoder.Decode<Rgb24>(_configuration, stream, default);
            return ToRgb(image, (row, bytes) => MemoryMarshal.AsBytes(row).CopyTo(bytes), orientation, room);
        }
    }

    private static RgbImage ToRgb<TPixel>(Image<TPixel> image, RowWriter<TPixel> write, ExifOrientation orientation, DecodeRoom room)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        UprightPixels upright = new(orientation, image.Width, image.Height);
        IMemoryOwner<byte> rgb = room.Rent(3 * image.Width * image.Height);
        image.ProcessPixelRows(rows =>
        {
            byte[] bytes = new byte[3 * rows.Width];
            for (int y = 0; y < rows.Height; y++)
            {
                write(rows.GetRowSpan(y), bytes);
                upright.Write(bytes, 3, y, 1, rgb.Memory.Span);
            }
        });
        return new RgbImage(rgb, upright.Width, upright.Height);
    }

    private static void HighBytes(ReadOnlySpan<Rgb48> row, Span<byte> bytes)
    {
        int to = 0;
        foreach (Rgb48 pixel in row)
        {
            bytes[to++] = (byte)(pixel.R >> 8);
            bytes[to++] = (byte)(pixel.G >> 8);
            bytes[to++] = (byte)(pixel.B >> 8);
        }
    }

    private delegate void RowWriter<TPixel>(ReadOnlySpan<TPixel> row, Span<byte> bytes);
}
