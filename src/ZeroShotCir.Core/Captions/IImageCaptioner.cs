using ZeroShotCir.Imaging;

namespace ZeroShotCir.Captions;

/// <summary>Describes images in words.</summary>
/// <remarks>Implementations serve concurrent callers.</remarks>
public interface IImageCaptioner
{
    /// <summary>Identifies the captioner, its weights and its prompt, so that stored captions can be matched with their origin.</summary>
    string CaptionerId { get; }

    /// <summary>Describes one image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="options">What is asked for; <see langword="null"/> asks for one caption.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The captions, best first; as many as asked for unless the captioner could not find so many different ones, never none.</returns>
    /// <exception cref="InvalidImageException">The image cannot be decoded or was refused.</exception>
    ValueTask<IReadOnlyList<string>> CaptionAsync(ImageData image, CaptionOptions? options = null, CancellationToken cancellationToken = default);
}
