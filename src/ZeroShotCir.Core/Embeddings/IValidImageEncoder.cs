using ZeroShotCir.Imaging;

namespace ZeroShotCir.Embeddings;

/// <summary>An image encoder that encodes the good images of a batch in the same pass in which it finds the bad ones.</summary>
/// <remarks>Not to be called directly: <see cref="EncoderExtensions.EncodeValidAsync"/> does it where the encoder can.</remarks>
public interface IValidImageEncoder : IImageEncoder
{
    /// <summary>Encodes the images that can be decoded and reports the others.</summary>
    /// <param name="images">The images; may be empty.</param>
    /// <param name="destination">Row-major, exactly <c>images.Count × Dimensions</c> numbers; the rows of bad images become zeros.</param>
    /// <param name="cancellationToken">Stops the work between batches.</param>
    /// <returns>What is wrong with each bad image, by ascending <see cref="InvalidImageException.Index"/>; empty when all are good.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    /// <exception cref="InvalidEmbeddingException">The model wrote a number that is not finite.</exception>
    ValueTask<IReadOnlyList<InvalidImageException>> EncodeValidAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default);
}
