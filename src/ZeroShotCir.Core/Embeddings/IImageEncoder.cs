using ZeroShotCir.Imaging;

namespace ZeroShotCir.Embeddings;

/// <summary>Turns images into embeddings in the space it shares with its <see cref="ITextEncoder"/>.</summary>
/// <remarks>
/// Implementations serve concurrent callers and return the model's raw output, not normalized. Long work leaves the caller's thread, so a
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

    /// <summary>Encodes the images that can be decoded and reports the others, so that one bad image of thousands does not stop the work.</summary>
    /// <param name="images">The images; may be empty.</param>
    /// <param name="destination">Row-major, exactly <c>images.Count × Dimensions</c> numbers; the rows of bad images become zeros.</param>
    /// <param name="cancellationToken">Stops the work between batches.</param>
    /// <returns>What is wrong with each bad image, by ascending <see cref="InvalidImageException.Index"/>; empty when all are good.</returns>
    /// <remarks>
    /// By itself, it encodes the good images before a bad one again and those after it not: each image is encoded at most twice. Encoders that
    /// find bad images while they encode the good ones do it in one pass.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    /// <exception cref="InvalidEmbeddingException">The model wrote a number that is not finite.</exception>
    ValueTask<IReadOnlyList<InvalidImageException>> EncodeValidAsync(
        IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
        => ValidImages.EncodeAsync(this, images, destination, cancellationToken);

    /// <summary>Asks for what this contract does not show: the encoder itself as another type, or one that it wraps.</summary>
    /// <param name="serviceType">The type that is looked for.</param>
    /// <param name="serviceKey">A key where there are several.</param>
    /// <returns>An object of it, or <see langword="null"/> where there is none.</returns>
    /// <remarks>By itself, the encoder where it is one. What wraps an encoder asks that in turn.</remarks>
    object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;
    }
}
