namespace ZeroShotCir.Imaging;

/// <summary>Turns encoded bytes into pixels.</summary>
/// <remarks>
/// Implementations serve concurrent callers, do not apply color profiles, drop alpha without blending and take the first
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

    /// <summary>Decodes an image and hands its rows on as they come.</summary>
    /// <param name="encoded">The encoded bytes; they are not kept.</param>
    /// <param name="options">The limits, checked before memory for pixels is allocated, the orientation, and whether the picture may come smaller.</param>
    /// <param name="receiver">
    /// Takes the rows, stored as the receiver is told: at full resolution the pixels of <see cref="Decode"/>. After an exception it has seen only some of them.
    /// </param>
    /// <remarks>
    /// Unless a decoder does better, the whole picture is decoded before its rows are handed on. With <see cref="ImageResolution.Reduced"/> a picture
    /// may come smaller, of other pixels than <see cref="Decode"/> has, though not smaller than <see cref="IImageRowReceiver.LeastSize"/>.
    /// </remarks>
    /// <exception cref="InvalidImageException">As <see cref="Decode"/>, and for the same images.</exception>
    void DecodeRows(ReadOnlySpan<byte> encoded, DecodeOptions options, IImageRowReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        using RgbImage image = Decode(encoded, options);
        image.SendTo(receiver);
    }
}
