namespace ZeroShotCir.Embeddings;

/// <summary>Turns texts into embeddings in the space it shares with its <see cref="IImageEncoder"/>.</summary>
/// <remarks>
/// Implementations serve concurrent callers and return the model's raw output, not normalized. Long work leaves the caller's thread, so a
/// user interface may await them.
/// </remarks>
public interface ITextEncoder
{
    /// <summary>What this encoder writes.</summary>
    EncoderInfo Info { get; }

    /// <summary>Encodes texts, one row of <see cref="EncoderInfo.Dimensions"/> numbers each.</summary>
    /// <param name="texts">The texts; may be empty, and so may each text. Texts longer than the model reads are cut.</param>
    /// <param name="destination">Row-major, exactly <c>texts.Count × Dimensions</c> numbers. Nothing may be read from it before the call ends.</param>
    /// <param name="cancellationToken">Stops the work between batches.</param>
    /// <returns>A task that ends when every row is written.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    /// <exception cref="InvalidEmbeddingException">The model wrote a number that is not finite.</exception>
    ValueTask EncodeAsync(IReadOnlyList<string> texts, Memory<float> destination, CancellationToken cancellationToken = default);

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
