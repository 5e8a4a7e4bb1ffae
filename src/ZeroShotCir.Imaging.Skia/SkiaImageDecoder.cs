using System.Buffers;
using SkiaSharp;
using ZeroShotCir.Buffers;

namespace ZeroShotCir.Imaging.Skia;

/// <summary>Decodes JPEG, PNG, WebP, BMP and GIF by SkiaSharp, byte-equal to Pillow's <c>convert("RGB")</c> where the format is lossless.</summary>
/// <remarks>
/// Thread-safe. The format is told by content. Color profiles are not applied, alpha is dropped and not blended, 16-bit samples keep
/// the high byte, the first frame of an animation counts, and the EXIF orientation is applied as the options say. Decoding waits for
/// room in the memory of the options; dispose images to give it back. SkiaSharp's native library comes from a package of its own,
/// such as SkiaSharp.NativeAssets.Linux.NoDependencies.
/// </remarks>
public sealed class SkiaImageDecoder : IImageDecoder, IImageFileDecoder
{
    private const int Rgb = 3;
    private const int Rgba = 4;

    /// <summary>Rows that are decoded at once where the format comes row by row.</summary>
    private const int StripRows = 16;

    private const string FormatNames = "JPEG, PNG, WebP, BMP or GIF";

    /// <inheritdoc/>
    public string Name => "skia";

    /// <inheritdoc/>
    /// <value>JPEG, PNG, WebP, BMP and GIF.</value>
    public IReadOnlyCollection<ImageFormat> Formats { get; } = [ImageFormat.Jpeg, ImageFormat.Png, ImageFormat.WebP, ImageFormat.Bmp, ImageFormat.Gif];

    /// <summary>
    /// Whether plain JPEG is decoded by the system's libturbojpeg where there is one (on Linux, from packages such as libturbojpeg0): in less than half
    /// of the time and to the same pixels, but a picture takes three bytes a pixel while it is decoded, also where its rows are handed on.
    /// </summary>
    /// <value>The default value is <see langword="false"/>. It has no effect where the library is missing, or gives a trial picture other pixels.</value>
    public bool PrefersSystemJpeg { get; init; }

    /// <inheritdoc/>
    /// <exception cref="SkiaUnavailableException">The native library is missing or does not fit.</exception>
    public RgbImage Decode(ReadOnlySpan<byte> encoded, DecodeOptions options)
        => Read(encoded, options, receiver: null)!;

    /// <inheritdoc/>
    /// <remarks>
    /// JPEG and large PNG that is not interlaced come row by row; of other formats the whole picture is decoded first. With
    /// <see cref="ImageResolution.Reduced"/> a JPEG comes with as few eighths of its columns and rows as the receiver lets it: its blocks are
    /// transformed to fewer pixels, by libjpeg's own scaled transforms.
    /// </remarks>
    /// <exception cref="SkiaUnavailableException">The native library is missing or does not fit.</exception>
    public void DecodeRows(ReadOnlySpan<byte> encoded, DecodeOptions options, IImageRowReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        using RgbImage? image = Read(encoded, options, receiver);
        image?.SendTo(receiver);
    }

    /// <inheritdoc/>
    bool IImageFileDecoder.TryDecodeRows(Stream encoded, DecodeOptions options, IImageRowReceiver receiver)
    {
        try
        {
            return LargePng.TrySend(encoded, options, receiver);
        }
        catch (Exception e) when (IsUnavailable(e))
        {
            throw Unavailable(e);
        }
    }

    /// <summary>Decodes an image, or sends its rows to a receiver where there is one and they come one after the other; then there is no image.</summary>
    private RgbImage? Read(ReadOnlySpan<byte> encoded, DecodeOptions options, IImageRowReceiver? receiver)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (encoded.IsEmpty)
        {
            throw new InvalidImageException($"The image has no bytes; expected {FormatNames}.");
        }

        options.Limits.ThrowIfTooLong(encoded.Length);
        try
        {
            return GifFrame.Read(encoded) is { } frame ? DecodeGif(encoded, frame, options) : DecodeByCodec(encoded, options, receiver);
        }
        catch (Exception e) when (IsUnavailable(e))
        {
            throw Unavailable(e);
        }
    }

    private static bool IsUnavailable(Exception e) => e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or TypeInitializationException;

    private static SkiaUnavailableException Unavailable(Exception e) => new(
        "SkiaSharp's native library 'libSkiaSharp' is missing, or of another version than SkiaSharp. Add the package of the platform to the application, "
        + "in the version of SkiaSharp: SkiaSharp.NativeAssets.Linux.NoDependencies, SkiaSharp.NativeAssets.Win32 or SkiaSharp.NativeAssets.macOS.", e);

    private static RgbImage DecodeGif(ReadOnlySpan<byte> encoded, GifFrame frame, DecodeOptions options)
    {
        (int width, int height) = (frame.Width, frame.Height);
        options.Limits.ThrowIfTooLarge(width, height);
        int pixels = width * height;
        using DecodeRoom room = options.Memory.Reserve((2L + Rgb) * pixels);
        IMemoryOwner<byte> rgb = room.Rent(pixels * Rgb);
        try
        {
            using IMemoryOwner<byte> codes = room.Rent(pixels), indices = room.Rent(pixels);
            return frame.Decode(encoded, codes.Memory.Span, indices.Memory.Span, rgb.Memory.Span)
                ? new RgbImage(rgb, width, height)
                : throw Truncated(width, height);
        }
        catch
        {
            rgb.Dispose();
            throw;
        }
    }

    private unsafe RgbImage? DecodeByCodec(ReadOnlySpan<byte> encoded, DecodeOptions options, IImageRowReceiver? receiver)
    {
        JpegOutline? jpeg = encoded is [0xFF, 0xD8, ..] ? JpegOutline.Read(encoded) : null;
        if (jpeg is { Precision: not 8 })
        {
            throw new InvalidImageException($"The image is a JPEG of {jpeg.Precision} bits a sample; {jpeg.Precision}-bit JPEG is not supported. Save it with 8 bits.");
        }

        fixed (byte* bytes = encoded)
        {
            using SKData data = SKData.Create((nint)bytes, encoded.Length);
            using SKCodec codec = SKCodec.Create(data)
                ?? throw new InvalidImageException(
                    $"The {encoded.Length} bytes are not an image that can be decoded, "
                    + $"beginning with {Convert.ToHexString(encoded[..Math.Min(8, encoded.Length)])}; expected {FormatNames}.");
            (int width, int height) = (codec.Info.Width, codec.Info.Height);
            options.Limits.ThrowIfTooLarge(width, height);
            if (jpeg is { LacksScans: true })
            {
                throw Truncated(width, height);
            }

            ExifOrientation orientation = options.Orientation == ImageOrientation.Apply ? ExifReader.ReadOrientation(encoded) : ExifOrientation.Upright;
            UprightPixels upright = new(orientation, width, height);
            long pixels = (long)width * height;

            // What the codec itself holds of the picture: all coefficients, or the pixels of earlier passes.
            long working = codec.EncodedFormat switch
            {
                SKEncodedImageFormat.Jpeg => jpeg is { HasSeveralScans: true } ? 2 * Rgb * pixels : 0,
                SKEncodedImageFormat.Png when encoded.Length > 28 && encoded[28] != 0 => 2 * Rgba * pixels,
                SKEncodedImageFormat.Webp => Rgba * pixels,
                _ => 0,
            };

            // Unpremultiplied and without a colour space: anything else changes the values.
            SKImageInfo info = new(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul, colorspace: null);
            SKImageInfo comes = receiver is not null && jpeg is not null && options.Resolution == ImageResolution.Reduced
                ? info.WithSize(ReducedSize(codec, receiver.LeastSize(width, height, orientation)))
                : info;
            if (PrefersSystemJpeg && jpeg is { IsPlain: true } && comes.Size == info.Size && TurboJpeg.Installed is { } turbo
                && turbo.TryDecode(encoded, upright, info.Size, orientation, options.Memory, receiver, out RgbImage? decoded))
            {
                return decoded;
            }

            SKCodecResult result = codec.EncodedFormat == SKEncodedImageFormat.Jpeg ? codec.StartScanlineDecode(comes) : SKCodecResult.Unimplemented;
            if (result == SKCodecResult.Success)
            {
                if (receiver is not null)
                {
                    using DecodeRoom strips = options.Memory.Reserve(working);
                    SendStrips(codec, comes.Size, orientation, receiver);
                    return null;
                }

                using DecodeRoom room = options.Memory.Reserve(working + (Rgb * pixels));
                using UprightImage image = new(room);
                SendStrips(codec, comes.Size, orientation, image);
                return image.Take();
            }

            if (receiver is not null && codec.EncodedFormat == SKEncodedImageFormat.Png)
            {
                using UnmanagedMemoryStream png = new(bytes, encoded.Length);
                if (PngOutline.Read(png, PngOutline.LargestWhole) is { } outline && PngRows.TrySend(png, outline, orientation, receiver, options.Memory))
                {
                    return null;
                }
            }

            using DecodeRoom whole = options.Memory.Reserve(working + ((upright.IsInPlace ? Rgba : Rgba + Rgb) * pixels));
            return DecodeWhole(codec, info, upright, whole, SixteenBitBitmap.LargestOf(encoded));
        }
    }

    /// <summary>The fewest eighths of the edges that suffice.</summary>
    private static SKSizeI ReducedSize(SKCodec codec, ImageSize least)
    {
        for (int eighths = 1; eighths < 8; eighths++)
        {
            SKSizeI size = codec.GetScaledDimensions(eighths / 8f);
            if (size.Width >= least.Width && size.Height >= least.Height)
            {
                return size;
            }
        }

        return codec.Info.Size;
    }

    private static unsafe void SendStrips(SKCodec codec, SKSizeI size, ExifOrientation orientation, IImageRowReceiver receiver)
    {
        (int width, int height) = (size.Width, size.Height);
        receiver.Begin(width, height, orientation);
        UprightPixels colours = new(ExifOrientation.Upright, width, height);
        using RentedArray<byte> room = new(width * Math.Min(height, 2 * StripRows) * Rgba);
        Span<byte> strip = room.Span;
        fixed (byte* destination = strip)
        {
            for (int y = 0; y < height;)
            {
                // The last strip takes what would be too little for one of its own; colours are packed in place.
                int rows = height - y < 2 * StripRows ? height - y : StripRows;
                if (codec.GetScanlines((nint)destination, rows, width * Rgba) < rows)
                {
                    throw Truncated(codec.Info.Width, codec.Info.Height);
                }

                colours.Write(strip[..(rows * width * Rgba)], Rgba, 0, rows, strip);
                receiver.Add(strip[..(rows * width * Rgb)]);
                y += rows;
            }
        }
    }

    /// <summary>Decodes all rows at once, and drops the fourth bytes in the memory that they were decoded into.</summary>
    private static unsafe RgbImage DecodeWhole(SKCodec codec, SKImageInfo info, UprightPixels upright, DecodeRoom room, (int Red, int Green, int Blue)? sixteenBits)
    {
        (int width, int height) = (info.Width, info.Height);
        if ((long)width * height * Rgba > Array.MaxLength)
        {
            throw new InvalidImageException($"The {codec.EncodedFormat} image of {width} × {height} pixels takes more than 2 GB to decode. Shrink the image.");
        }

        IMemoryOwner<byte> rgba = room.Rent(width * height * Rgba);
        IMemoryOwner<byte> rgb = rgba;
        try
        {
            // Codecs leave out what a file says nothing about.
            Span<byte> stored = rgba.Memory.Span;
            stored.Clear();
            SKCodecResult result;
            fixed (byte* destination = stored)
            {
                result = codec.GetPixels(info, (nint)destination, width * Rgba, SKCodecOptions.Default);
            }

            if (result != SKCodecResult.Success)
            {
                throw result == SKCodecResult.IncompleteInput
                    ? Truncated(width, height)
                    : new InvalidImageException($"The {codec.EncodedFormat} image of {width} × {height} pixels is corrupt: the decoder reports {result}. Replace the file.");
            }

            rgb = upright.IsInPlace ? rgba : room.Rent(width * height * Rgb);
            upright.Write(stored, Rgba, 0, height, rgb.Memory.Span);
            if (sixteenBits is { } largest)
            {
                SixteenBitBitmap.CutOff(rgb.Memory.Span[..(width * height * Rgb)], largest);
            }

            if (rgb != rgba)
            {
                rgba.Dispose();
            }

            return new RgbImage(rgb, upright.Width, upright.Height);
        }
        catch
        {
            rgba.Dispose();
            rgb.Dispose();
            throw;
        }
    }

    private static InvalidImageException Truncated(int width, int height)
        => new($"The image of {width} × {height} pixels is truncated: its data ends early. Fetch the file again.");
}
