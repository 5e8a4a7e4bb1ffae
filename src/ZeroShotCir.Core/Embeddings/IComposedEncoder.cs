using ZeroShotCir.Imaging;

namespace ZeroShotCir.Embeddings;

/// <summary>Turns images and texts that belong together into one embedding.</summary>
/// <remarks>
/// Which of several things that means, <see cref="Kind"/> says: a model that reads both at once, or two towers and a sum.
/// Implementations serve concurrent callers. The embeddings lie in one space with those of the model's own <see cref="IImageEncoder"/> and
/// <see cref="ITextEncoder"/>. Long work leaves the caller's thread, so a user interface may await them.
/// </remarks>
public interface IComposedEncoder
{
    /// <summary>What this encoder writes.</summary>
    EncoderInfo Info { get; }

    /// <summary>How images and texts become one embedding.</summary>
    CompositionKind Kind { get; }

    /// <summary>Encodes inputs, one row of <see cref="EncoderInfo.Dimensions"/> numbers each.</summary>
    /// <param name="inputs">The inputs; may be empty.</param>
    /// <param name="role">What they are encoded for.</param>
    /// <param name="destination">Row-major, exactly <c>inputs.Count × Dimensions</c> numbers. Nothing may be read from it before the call ends.</param>
    /// <param name="cancellationToken">Stops the work between batches.</param>
    /// <returns>A task that ends when every row is written.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    /// <exception cref="InvalidComposedInputException">An input is more than the model reads, or spells what only the model may write.</exception>
    /// <exception cref="InvalidImageException">An image cannot be decoded; its index is that of the input.</exception>
    /// <exception cref="InvalidEmbeddingException">The model wrote a number that is not finite.</exception>
    ValueTask EncodeAsync(IReadOnlyList<ComposedInput> inputs, EncodingRole role, Memory<float> destination, CancellationToken cancellationToken = default);

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
