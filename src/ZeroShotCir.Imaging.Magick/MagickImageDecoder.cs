using ImageMagick;
using ImageMagick.Formats;

namespace ZeroShotCir.Imaging.Magick;

/// <summary>Decodes HEIC, AVIF, TIFF, JPEG 2000, JPEG XL and PNM by ImageMagick: what SkiaSharp does not read.</summary>
/// <remarks>
/// <para>
/// Thread-safe; each image is decoded by the thread that asks. The format is told by the first bytes, and only the coder of that
/// format is ever called: no scripts, no vector formats, no addresses, no programs. Only the first picture of a file is read.
/// </para>
/// <para>
/// Lossless files equal Pillow's <c>convert("RGB")</c>, CMYK included; of 16-bit samples the nearest 8-bit value is kept, so that
/// they may differ from the high byte by one. Alpha is dropped and not blended, color profiles are not applied. A HEIC's, AVIF's
/// or JPEG XL's own rotation belongs to its decoding, whatever <see cref="DecodeOptions.Orientation"/> says, and its EXIF tag is
/// not looked at; a TIFF's orientation tag is applied or ignored as the options ask.
/// </para>
/// <para>
/// Sizes are read from the header and checked against <see cref="DecodeOptions.Limits"/> before memory for pixels is taken; then
/// decoding waits for room in <see cref="DecodeOptions.Memory"/>: 16 bytes a pixel for HEIC, AVIF and JPEG 2000, whose libraries
/// keep the picture several times, 10 for TIFF, 9 for JPEG XL, 8 for PNM. ImageMagick's limit of disk space, which holds for the whole process, is set to
/// none when the first decoder is made, unless the application set it before: pixels are never written to files. HEIC and AVIF
/// themselves are an exception of ImageMagick's: their encoded bytes lie in a private temporary file while they are read.
/// </para>
/// </remarks>
public sealed class MagickImageDecoder : IImageDecoder
{
    /// <summary>
    /// The coder of each format, and the bytes of a pixel that are taken at most at once, as measured: ImageMagick's own three to five, with those of the
    /// library that it reads the format by (strips and tiles, integers, floats, planes before and after their conversion), or with the three of the result.
    /// </summary>
    private static readonly Dictionary<ImageFormat, (MagickFormat Coder, int BytesPerPixel)> Coders = new()
    {
        [ImageFormat.Heic] = (MagickFormat.Heic, 16),
        [ImageFormat.Avif] = (MagickFormat.Avif, 16),
        [ImageFormat.Tiff] = (MagickFormat.Tiff, 10),
        [ImageFormat.Jpeg2000] = (MagickFormat.Jp2, 16),
        [ImageFormat.JpegXl] = (MagickFormat.Jxl, 9),
        [ImageFormat.Pnm] = (MagickFormat.Pnm, 8),
    };

    /// <summary>Creates the decoder.</summary>
    /// <exception cref="MagickUnavailableException">The native library is missing or does not fit.</exception>
    public MagickImageDecoder()
    {
        try
        {
            ProcessLimits.Narrow();
        }
        catch (Exception e) when (IsMissingLibrary(e))
        {
            throw Unavailable(e);
        }
    }

    /// <inheritdoc/>
    public string Name => "magick";

    /// <inheritdoc/>
    /// <value>HEIC, AVIF, TIFF, JPEG 2000, JPEG XL and PNM.</value>
    public IReadOnlyCollection<ImageFormat> Formats => Coders.Keys;

    /// <inheritdoc/>
    /// <exception cref="MagickUnavailableException">The native library is missing or does not fit.</exception>
    public RgbImage Decode(ReadOnlySpan<byte> encoded, DecodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (encoded.IsEmpty)
        {
            throw new InvalidImageException($"The image has no bytes; expected {string.Join(", ", Formats)}.");
        }

        options.Limits.ThrowIfTooLong(encoded.Length);
        ImageFormat format = ImageFormat.Recognize(encoded) is { } recognized && Formats.Contains(recognized)
            ? recognized
            : throw new InvalidImageException(
                $"The {encoded.Length} bytes begin with {Convert.ToHexString(encoded[..Math.Min(8, encoded.Length)])}; expected {string.Join(", ", Formats)}.");
        try
        {
            return Decode(encoded, format, options);
        }
        catch (MagickResourceLimitErrorException e)
        {
            throw new InvalidImageException(
                $"The {format} image needs more than ImageMagick's limits allow: {WordsOf(e)}. "
                + "Shrink the image, or raise ImageMagick's ResourceLimits.", e)
            {
                IsOverLimit = true,
            };
        }
        catch (MagickException e)
        {
            throw new InvalidImageException(
                $"The {format} image is corrupt, truncated or of an unsupported kind: {WordsOf(e)}. "
                + "Fetch the file again, or save it in another format.", e);
        }
        catch (Exception e) when (IsMissingLibrary(e))
        {
            throw Unavailable(e);
        }
    }

    private static RgbImage Decode(ReadOnlySpan<byte> encoded, ImageFormat format, DecodeOptions options)
    {
        bool isGrayWithAlpha = format == ImageFormat.Jpeg2000 && Jpeg2000Outline.IsGrayWithAlpha(encoded);
        if (isGrayWithAlpha)
        {
            // In a gray file, ImageMagick puts the second component in the place of the first.
            encoded = Jpeg2000Outline.CodeStreamOf(encoded);
        }

        MagickReadSettings settings = SettingsOf(format, encoded);
        long pixelCount = CountPixels(encoded, settings, options.Limits);

        // In this order, so that ImageMagick's pixels are gone before others may take their room.
        using DecodeRoom room = options.Memory.Reserve(Coders[format].BytesPerPixel * pixelCount);
        using MagickImage image = new();
        image.Read(encoded, settings);
        options.Limits.ThrowIfTooLarge(image.Width, image.Height);
        bool isToTurn = format == ImageFormat.Tiff && options.Orientation == ImageOrientation.Apply;
        MagickPixels pixels = new(image)
        {
            Palette = format == ImageFormat.Tiff && image.ClassType == ClassType.Pseudo ? TiffPalette.Read(encoded) : null,
            IsFirstChannelGray = isGrayWithAlpha,
        };
        return pixels.ToRgb(isToTurn ? ExifReader.ReadOrientation(encoded) : ExifOrientation.Upright, room);
    }

    private static long CountPixels(ReadOnlySpan<byte> encoded, MagickReadSettings settings, DecodeLimits limits)
    {
        using MagickImage header = new();
        header.Ping(encoded, settings);
        limits.ThrowIfTooLarge(header.Width, header.Height);
        return (long)header.Width * header.Height;
    }

    /// <summary>One coder, one picture, and nothing of the file beside its pixels.</summary>
    private static MagickReadSettings SettingsOf(ImageFormat format, ReadOnlySpan<byte> encoded)
    {
        MagickFormat coder = Coders[format].Coder;
        if (coder == MagickFormat.Jp2 && encoded[0] != 0)
        {
            coder = MagickFormat.J2k;
        }

        return new MagickReadSettings
        {
            Format = coder,
            FrameIndex = 0,
            FrameCount = 1,
            SyncImageWithExifProfile = false,
            SyncImageWithTiffProperties = false,
            Defines = coder switch
            {
                // Layers of Photoshop would be read by another coder.
                MagickFormat.Tiff => new TiffReadDefines { IgnoreLayers = true, IgnoreExifProperties = true, IgnoreGpsProperties = true },
                // As libavif does for Pillow; small patterns differ otherwise.
                MagickFormat.Avif => new HeicReadDefines { ChromaUpsampling = HeicChromaUpsampling.Bilinear },
                _ => null,
            },
        };
    }

    /// <summary>ImageMagick's sentence without the name of its temporary file and the line of its source.</summary>
    private static string WordsOf(MagickException e) => e.Message.Split(" `")[0].TrimEnd('.', ' ');

    private static bool IsMissingLibrary(Exception e)
        => e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or TypeInitializationException;

    private static MagickUnavailableException Unavailable(Exception cause)
        => new("ImageMagick's native library 'Magick.Native-Q8' is missing or does not fit this system. "
            + "It comes with the package Magick.NET-Q8-AnyCPU for Linux (glibc and musl), Windows and macOS on Apple silicon: "
            + "publish for the platform (dotnet publish -r …), or do without this decoder, and so without HEIC, AVIF, TIFF and JPEG 2000.", cause);
}
