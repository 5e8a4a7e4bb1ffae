using Microsoft.Extensions.AI;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Extensions.AI.Embeddings;

/// <summary>Lets encoders of this library serve where <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/> is asked for, and the other way round.</summary>
/// <remarks>
/// Everything returned here serves concurrent callers if what it wraps does, and owns nothing: disposing a returned generator does not
/// dispose the encoder. Embeddings pass through unchanged, the model's raw output.
/// </remarks>
public static class EmbeddingGeneratorExtensions
{
    /// <summary>Offers a text encoder as an embedding generator.</summary>
    /// <param name="encoder">The encoder; stays the caller's to dispose.</param>
    /// <returns>The generator.</returns>
    public static IEmbeddingGenerator<string, Embedding<float>> AsEmbeddingGenerator(this ITextEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        return new EncoderGenerator<string>(encoder, encoder.Info, encoder.EncodeAsync);
    }

    /// <summary>Offers an image encoder as an embedding generator of image content.</summary>
    /// <param name="encoder">The encoder; stays the caller's to dispose.</param>
    /// <returns>The generator; it takes the bytes of images and throws what the encoder throws for images that cannot be decoded.</returns>
    public static IEmbeddingGenerator<DataContent, Embedding<float>> AsEmbeddingGenerator(this IImageEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        return new EncoderGenerator<DataContent>(
            encoder,
            encoder.Info,
            (contents, destination, cancellationToken) => encoder.EncodeAsync([.. contents.Select(ImageContent.Read)], destination, cancellationToken));
    }

    /// <summary>Offers an embedding generator of texts as a text encoder.</summary>
    /// <param name="generator">The generator; stays the caller's to dispose. Its texts must lie in one space with the images they are compared with.</param>
    /// <param name="info">What it writes; <see langword="null"/> to believe its metadata, and that its rows are not of unit length.</param>
    /// <returns>
    /// The encoder. It throws <see cref="InvalidEmbeddingException"/> where the generator returns another number of embeddings, of another
    /// dimension, or numbers that are not finite.
    /// </returns>
    /// <exception cref="ArgumentException">There is no <paramref name="info"/>, and the metadata lack the model or the dimension.</exception>
    public static ITextEncoder AsTextEncoder(this IEmbeddingGenerator<string, Embedding<float>> generator, EncoderInfo? info = null)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return new GeneratorTextEncoder(new GeneratorRows<string>(generator, info));
    }

    /// <summary>Offers an embedding generator of image content as an image encoder.</summary>
    /// <param name="generator">The generator; stays the caller's to dispose. Its images must lie in one space with the texts they are compared with.</param>
    /// <param name="info">What it writes; <see langword="null"/> to believe its metadata, and that its rows are not of unit length.</param>
    /// <returns>
    /// The encoder. It throws <see cref="InvalidEmbeddingException"/> where the generator returns another number of embeddings, of another
    /// dimension, or numbers that are not finite.
    /// </returns>
    /// <exception cref="ArgumentException">There is no <paramref name="info"/>, and the metadata lack the model or the dimension.</exception>
    public static IImageEncoder AsImageEncoder(this IEmbeddingGenerator<DataContent, Embedding<float>> generator, EncoderInfo? info = null)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return new GeneratorImageEncoder(new GeneratorRows<DataContent>(generator, info));
    }
}
