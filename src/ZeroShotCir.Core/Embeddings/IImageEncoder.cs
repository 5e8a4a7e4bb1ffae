using ZeroShotCir.Imaging;

namespace ZeroShotCir.Embeddings;

/// <summary>Turns images into embeddings in the space it shares with its <see cref="ITextEncoder"/>.</summary>
/// <remarks>
/// Implementations serve concurrent callers and return the model's raw output, not normalised. Long work leaves the caller's thread, so a
/// user interface may await them.
/// </remarks>
public interface IImageEncoder
{
    /// <summary>What this encoder writes.</summary>
    EncoderInfo Info { get; }

    /// <summary>Encodes images, one row of <see cref="EncoderInfo.Dimensions"/> numbers each.</summary>
    /// <param name="images">The images, in any supported format; may be empty.</param>
    /// <param name="destination">Row-major, exactly <c>images.Count × Dimensions</c> numbers. Nothing may be read from it before the call ends.</param>
    /// <param name="cancellationToken">Stops the work between batches.</param>
    /// <returns>A task that ends when every row is written.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    /// <exception cref="InvalidImageException">An image cannot be decoded.</exception>
    /// <exception cref="InvalidEmbeddingException">The model wrote a number that is not finite.</exception>
    ValueTask EncodeAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default);
}
