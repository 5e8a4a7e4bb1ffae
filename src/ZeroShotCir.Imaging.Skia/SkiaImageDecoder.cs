using System.Buffers;
using System.Runtime.Intrinsics;
using SkiaSharp;

namespace ZeroShotCir.Imaging.Skia;

/// <summary>Decodes JPEG, PNG, WebP, BMP and GIF by SkiaSharp, byte-equal to Pillow's <c>convert("RGB")</c> where the format is lossless.</summary>
/// <remarks>
/// Thread-safe. Colour profiles and EXIF orientation are not applied, alpha is dropped and not blended, 16-bit samples keep the
/// high byte, and the first frame of an animation counts. Pixels lie in pooled memory: dispose images to have it reused. SkiaSharp's native library comes from a package of its own, such as
/// SkiaSharp.NativeAssets.Linux.NoDependencies.
/// </remarks>
public sealed class SkiaImageDecoder : IImageDecoder
{
    private const int BytesPerPixel = 4;

    /// <inheritdoc/>
    public string Name => "skia";

    /// <inheritdoc/>
    /// <exception cref="SkiaUnavailableException">The native library is missing or does not fit.</exception>
    public RgbImage Decode(ReadOnlySpan<byte> encoded, DecodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        DecodeLimits limits = options.Limits;
        if (encoded.IsEmpty)
        {
            throw new InvalidImageException("The image has no bytes; expected JPEG, PNG, WebP, BMP or GIF.");
        }

        if (encoded.Length > limits.MaxBytes)
        {
            throw new InvalidImageException(
                $"The image has {encoded.Length} encoded bytes, more than the limit of {limits.MaxBytes}. Raise {nameof(DecodeLimits)}.{nameof(DecodeLimits.MaxBytes)} or shrink the image.");
        }

        try
        {
            return DecodeFirstFrame(encoded, limits);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or TypeInitializationException)
        {
            throw new SkiaUnavailableException(
                "SkiaSharp's native library 'libSkiaSharp' is missing, or of another version than SkiaSharp. Add the package of the platform to the application, "
                + "in the version of SkiaSharp: SkiaSharp.NativeAssets.Linux.NoDependencies, SkiaSharp.NativeAssets.Win32 or SkiaSharp.NativeAssets.macOS.", e);
        }
    }

    private static unsafe RgbImage DecodeFirstFrame(ReadOnlySpan<byte> encoded, DecodeLimits limits)
    {
        fixed (byte* bytes = encoded)
        {
            using SKData data = SKData.Create((nint)bytes, encoded.Length);
            using SKCodec codec = SKCodec.Create(data)
                ?? throw new InvalidImageException($"The {encoded.Length} bytes are not an image that can be decoded, beginning with {Convert.ToHexString(encoded[..Math.Min(8, encoded.Length)])}; expected JPEG, PNG, WebP, BMP or GIF.");
            (int width, int height) = (codec.Info.Width, codec.Info.Height);
            long pixels = (long)width * height;
            if (pixels > limits.MaxPixels || pixels * BytesPerPixel > Array.MaxLength)
            {
                throw new InvalidImageException(
                    $"The image has {width} × {height} pixels, more than the limit of {limits.MaxPixels}. Raise {nameof(DecodeLimits)}.{nameof(DecodeLimits.MaxPixels)} or shrink the image.");
            }

            if (codec.EncodedFormat == SKEncodedImageFormat.Jpeg && JpegMarkers.LackScans(encoded))
            {
                throw Truncated(width, height);
            }

            // Unpremultiplied and without a colour space: anything else changes the values.
            byte[] rgba = ArrayPool<byte>.Shared.Rent((int)pixels * BytesPerPixel);
            try
            {
                SKImageInfo info = new(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul, colorspace: null);
                SKCodecResult result;
                fixed (byte* destination = rgba)
                {
                    result = codec.GetPixels(info, (nint)destination, width * BytesPerPixel, SKCodecOptions.Default);
                }

                return result switch
                {
                    SKCodecResult.Success => WithoutAlpha(rgba.AsSpan(0, (int)pixels * BytesPerPixel), width, height),
                    SKCodecResult.IncompleteInput => throw Truncated(width, height),
                    _ => throw new InvalidImageException($"The {codec.EncodedFormat} image of {width} × {height} pixels is corrupt: the decoder reports {result}. Replace the file."),
                };
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(rgba);
            }
        }
    }

    private static RgbImage WithoutAlpha(ReadOnlySpan<byte> rgba, int width, int height)
    {
        IMemoryOwner<byte> owner = MemoryPool<byte>.Shared.Rent(width * height * 3);
        Span<byte> rgb = owner.Memory.Span[..(width * height * 3)];
        Vector128<byte> colours = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 3, 7, 11, 15);
        int from = 0;
        int to = 0;

        // Four pixels at a time; the four bytes too many are overwritten by the next.
        for (; to + Vector128<byte>.Count <= rgb.Length; from += 4 * BytesPerPixel, to += 4 * 3)
        {
            Vector128.Shuffle(Vector128.Create(rgba.Slice(from, Vector128<byte>.Count)), colours).CopyTo(rgb.Slice(to, Vector128<byte>.Count));
        }

        for (; to < rgb.Length; from += BytesPerPixel, to += 3)
        {
            rgba.Slice(from, 3).CopyTo(rgb.Slice(to, 3));
        }

        return new RgbImage(owner, width, height);
    }

    private static InvalidImageException Truncated(int width, int height)
        => new($"The image of {width} × {height} pixels is truncated: its data ends early. Fetch the file again.");
}
