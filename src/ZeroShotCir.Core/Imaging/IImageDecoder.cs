namespace ZeroShotCir.Imaging;

/// <summary>Turns encoded bytes into pixels.</summary>
/// <remarks>
/// Implementations serve concurrent callers, do not apply EXIF orientation or colour profiles, drop alpha without blending
/// and take the first frame of an animation, as Pillow's <c>convert("RGB")</c> does.
/// </remarks>
public interface IImageDecoder
{
    /// <summary>Decodes an image.</summary>
    /// <param name="encoded">The encoded bytes.</param>
    /// <param name="limits">Checked before memory for pixels is allocated.</param>
    /// <returns>The pixels.</returns>
    /// <exception cref="InvalidImageException">The bytes are not an image, corrupt, truncated, of an unsupported format or beyond the limits.</exception>
    RgbImage Decode(ReadOnlySpan<byte> encoded, DecodeLimits limits);
}
