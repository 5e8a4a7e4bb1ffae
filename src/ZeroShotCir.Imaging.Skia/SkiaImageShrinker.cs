using SkiaSharp;
using ZeroShotCir.Imaging.Resampling;

namespace ZeroShotCir.Imaging.Skia;

/// <summary>Scales images down and encodes them as JPEG by Skia, upright unless the options say otherwise.</summary>
/// <remarks>Immutable; serves concurrent callers.</remarks>
public sealed class SkiaImageShrinker : IImageShrinker
{
    private readonly IImageDecoder _decoder;
    private readonly DecodeOptions _options;
    private readonly int _quality;

    /// <summary>Creates the shrinker.</summary>
    /// <param name="decoder">Decodes what has to be scaled down.</param>
    /// <param name="options">What is refused before it is decoded, and whether it is turned upright; <see langword="null"/> for the defaults.</param>
    /// <param name="quality">The JPEG quality, 1 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is not in 1 to 100.</exception>
    public SkiaImageShrinker(IImageDecoder decoder, DecodeOptions? options = null, int quality = 90)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        _decoder = decoder;
        _options = options is null ? new DecodeOptions() : new DecodeOptions(options);
        _quality = quality;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// An image that is stored turned is encoded again however small it is: who receives it may or may not read the tag, and the pixels
    /// are to mean the same everywhere.
    /// </remarks>
    public ImageData Shrink(ImageData image, int maxEdge)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEdge, 1);
        if (IsSmallEnough(image, maxEdge) && ExifReader.ReadOrientation(image.Data.Span) == ExifOrientation.Upright)
        {
            return image;
        }

        return ToJpeg(image, maxEdge);
    }

    /// <inheritdoc/>
    public ImageData ToJpeg(ImageData image, int maxEdge)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEdge, 1);
        using RgbImage pixels = _decoder.Decode(image, _options);
        return Encode(pixels, maxEdge, image.Source);
    }

    private static bool IsSmallEnough(ImageData image, int maxEdge)
    {
        if (image.MediaType is not ("image/jpeg" or "image/png" or "image/webp"))
        {
            return false;
        }

        using SKData data = SKData.CreateCopy(image.Data.Span);
        using SKCodec? codec = SKCodec.Create(data);
        return codec is not null && Math.Max(codec.Info.Width, codec.Info.Height) <= maxEdge;
    }

    private ImageData Encode(RgbImage pixels, int maxEdge, string? source)
    {
        double scale = Math.Min(1, (double)maxEdge / Math.Max(pixels.Width, pixels.Height));
        (int width, int height) = (Math.Max(1, (int)Math.Round(pixels.Width * scale)), Math.Max(1, (int)Math.Round(pixels.Height * scale)));
        using RgbImage? small = scale < 1 ? ImageResampler.Resize(pixels, width, height, ResampleFilter.Bilinear) : null;
        using SKBitmap bitmap = ToBitmap(small ?? pixels);
        using SKData encoded = bitmap.Encode(SKEncodedImageFormat.Jpeg, _quality)
            ?? throw new InvalidImageException($"{source ?? "The image"} of {pixels.Width} × {pixels.Height} pixels cannot be encoded as JPEG.");
        return new ImageData(encoded.ToArray(), "image/jpeg") { Source = source };
    }

    private static SKBitmap ToBitmap(RgbImage pixels)
    {
        SKBitmap bitmap = new(pixels.Width, pixels.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        ReadOnlySpan<byte> from = pixels.Pixels.Span;
        Span<byte> to = bitmap.GetPixelSpan();
        for (int i = 0, o = 0; i < from.Length; i += 3, o += 4)
        {
            to[o] = from[i];
            to[o + 1] = from[i + 1];
            to[o + 2] = from[i + 2];
            to[o + 3] = byte.MaxValue;
        }

        return bitmap;
    }
}
