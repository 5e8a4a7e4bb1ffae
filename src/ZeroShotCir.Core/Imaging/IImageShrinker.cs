namespace ZeroShotCir.Imaging;

/// <summary>Makes images small enough to send to a chat model.</summary>
/// <remarks>Implementations serve concurrent callers. For what an encoder reads, preprocessing resizes, not this.</remarks>
public interface IImageShrinker
{
    /// <summary>Scales an image down and encodes it again.</summary>
    /// <param name="image">The image, in any supported format.</param>
    /// <param name="maxEdge">The longer edge of the result at most, in pixels; at least 1.</param>
    /// <returns>The image itself if it is a JPEG, PNG or WebP and small enough, else a smaller or re-encoded one.</returns>
    /// <exception cref="InvalidImageException">The image cannot be decoded.</exception>
    ImageData Shrink(ImageData image, int maxEdge);

    /// <summary>Encodes an image as JPEG whatever it is, for services that refuse other formats.</summary>
    /// <param name="image">The image, in any supported format.</param>
    /// <param name="maxEdge">The longer edge of the result at most, in pixels; at least 1.</param>
    /// <returns>A JPEG; or another format where the implementation writes none, which is then not sent again.</returns>
    /// <exception cref="InvalidImageException">The image cannot be decoded.</exception>
    ImageData ToJpeg(ImageData image, int maxEdge) => Shrink(image, maxEdge);
}
