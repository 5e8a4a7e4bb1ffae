namespace ZeroShotCir.Imaging;

/// <summary>Decoding of images that know where they came from.</summary>
public static class ImageDecoderExtensions
{
    /// <summary>Decodes an image and names its source in the message when that fails.</summary>
    /// <param name="decoder">The decoder.</param>
    /// <param name="image">The encoded image.</param>
    /// <param name="limits">Checked before memory for pixels is allocated; <see langword="null"/> for <see cref="DecodeLimits.Default"/>.</param>
    /// <returns>The pixels.</returns>
    /// <exception cref="InvalidImageException">The bytes are not an image, corrupt, truncated, of an unsupported format or beyond the limits.</exception>
    public static RgbImage Decode(this IImageDecoder decoder, ImageData image, DecodeLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(image);
        try
        {
            return decoder.Decode(image.Data.Span, limits ?? DecodeLimits.Default);
        }
        catch (InvalidImageException e) when (image.Source is not null)
        {
            throw new InvalidImageException($"'{image.Source}': {e.Message}", e);
        }
    }
}
