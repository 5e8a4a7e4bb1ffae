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
}
