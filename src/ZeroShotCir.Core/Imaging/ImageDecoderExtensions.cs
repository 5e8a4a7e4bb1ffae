using ZeroShotCir.Buffers;

namespace ZeroShotCir.Imaging;

/// <summary>Decoding of images that know where they came from.</summary>
public static class ImageDecoderExtensions
{
    private static readonly DecodeOptions Defaults = new();

    /// <summary>Decodes an image and names its source in the message when that fails.</summary>
    /// <param name="decoder">The decoder.</param>
    /// <param name="image">The encoded image.</param>
    /// <param name="options">The limits and the orientation; <see langword="null"/> for the defaults, which turn the image upright.</param>
    /// <returns>The pixels, which the caller disposes.</returns>
    /// <exception cref="InvalidImageException">The bytes are not an image, corrupt, truncated, of an unsupported format or beyond the limits.</exception>
    public static RgbImage Decode(this IImageDecoder decoder, ImageData image, DecodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(image);
        try
        {
            return decoder.Decode(image.Data.Span, options ?? Defaults);
        }
        catch (InvalidImageException e) when (image.Source is not null && !e.IsUnread)
        {
            throw new InvalidImageException($"'{image.Source}': {e.Message}", e);
        }
    }

    /// <summary>Decodes an image, hands its rows on as they come, and names its source in the message when that fails.</summary>
    /// <param name="decoder">The decoder.</param>
    /// <param name="image">The encoded image.</param>
    /// <param name="options">The limits and the orientation; <see langword="null"/> for the defaults.</param>
    /// <param name="receiver">Takes the rows.</param>
    /// <exception cref="InvalidImageException">The bytes are not an image, corrupt, truncated, of an unsupported format or beyond the limits.</exception>
    public static void DecodeRows(this IImageDecoder decoder, ImageData image, DecodeOptions? options, IImageRowReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(image);
        try
        {
            if (image.File is null)
            {
                decoder.DecodeRows(image.Data.Span, options ?? Defaults, receiver);
            }
            else
            {
                DecodeFile(decoder, image.File, options ?? Defaults, receiver);
            }
        }
        catch (InvalidImageException e) when (image.Source is not null && !e.IsUnread)
        {
            throw new InvalidImageException($"'{image.Source}': {e.Message}", e);
        }
    }

    private static void DecodeFile(IImageDecoder decoder, ImageFile file, DecodeOptions options, IImageRowReceiver receiver)
    {
        if (decoder is not IImageFileDecoder reader || !file.Read(stream => reader.TryDecodeRows(stream, options, receiver)))
        {
            using RentedArray<byte> bytes = file.Rent();
            decoder.DecodeRows(bytes.Span, options, receiver);
        }
    }
}
