namespace ZeroShotCir.Imaging;

/// <summary>Turns encoded bytes into pixels.</summary>
/// <remarks>
/// Implementations serve concurrent callers, do not apply colour profiles, drop alpha without blending and take the first
/// frame of an animation, as Pillow's <c>convert("RGB")</c> does. The orientation is applied or ignored as the options say.
/// </remarks>
public interface IImageDecoder
{
    /// <summary>The name that a gallery remembers its decoder by, such as <c>skia</c>; a chain of decoders joins names by <c>+</c>.</summary>
    /// <value>Lower-case letters and digits; two decoders of one name give equal pixels.</value>
    string Name { get; }

    /// <summary>What the decoder reads; a chain of decoders asks for it.</summary>
    /// <value>Every format there is, unless the decoder says less.</value>
    IReadOnlyCollection<ImageFormat> Formats => ImageFormat.All;

    /// <summary>Decodes an image.</summary>
    /// <param name="encoded">The encoded bytes; they are not kept.</param>
    /// <param name="options">The limits, checked before memory for pixels is allocated, and the orientation.</param>
    /// <returns>
    /// The pixels. The caller owns the image and disposes it when the pixels are no longer needed; nobody else writes into it
    /// before that, and no other call returns the same instance.
    /// </returns>
    /// <exception cref="InvalidImageException">The bytes are not an image, corrupt, truncated, of an unsupported format or beyond the limits.</exception>
    RgbImage Decode(ReadOnlySpan<byte> encoded, DecodeOptions options);
}
