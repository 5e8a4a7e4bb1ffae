using ZeroShotCir.Imaging;

namespace ZeroShotCir.Embeddings;

/// <summary>Convenience over the one batch method of each encoder.</summary>
public static class EncoderExtensions
{
    /// <summary>Encodes one image.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="image">The image.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The raw embedding.</returns>
    /// <exception cref="InvalidImageException">The image cannot be decoded.</exception>
    public static async ValueTask<float[]> EncodeAsync(this IImageEncoder encoder, ImageData image, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        float[] embedding = new float[encoder.Info.Dimensions];
        await encoder.EncodeAsync([image], embedding, cancellationToken).ConfigureAwait(false);
        return embedding;
    }

    /// <summary>Encodes images into a new matrix, one row each.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="images">The images.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The raw embeddings.</returns>
    /// <exception cref="InvalidImageException">An image cannot be decoded.</exception>
    public static async ValueTask<EmbeddingMatrix> EncodeAsync(this IImageEncoder encoder, IReadOnlyList<ImageData> images, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(images);
        EmbeddingMatrix matrix = EmbeddingMatrix.Allocate(images.Count, encoder.Info.Dimensions, out Memory<float> rows);
        await encoder.EncodeAsync(images, rows, cancellationToken).ConfigureAwait(false);
        return matrix;
    }

    /// <summary>Encodes one text.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The raw embedding.</returns>
    public static async ValueTask<float[]> EncodeAsync(this ITextEncoder encoder, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        float[] embedding = new float[encoder.Info.Dimensions];
        await encoder.EncodeAsync([text], embedding, cancellationToken).ConfigureAwait(false);
        return embedding;
    }

    /// <summary>Encodes texts into a new matrix, one row each.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The raw embeddings.</returns>
    public static async ValueTask<EmbeddingMatrix> EncodeAsync(this ITextEncoder encoder, IReadOnlyList<string> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(texts);
        EmbeddingMatrix matrix = EmbeddingMatrix.Allocate(texts.Count, encoder.Info.Dimensions, out Memory<float> rows);
        await encoder.EncodeAsync(texts, rows, cancellationToken).ConfigureAwait(false);
        return matrix;
    }

    /// <summary>Encodes one composed input.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="input">The images and texts.</param>
    /// <param name="role">What it is encoded for.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The raw embedding.</returns>
    /// <exception cref="InvalidComposedInputException">The model cannot read the input.</exception>
    /// <exception cref="InvalidImageException">An image cannot be decoded.</exception>
    public static async ValueTask<float[]> EncodeAsync(
        this IComposedEncoder encoder, ComposedInput input, EncodingRole role = EncodingRole.Query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(input);
        float[] embedding = new float[encoder.Info.Dimensions];
        await encoder.EncodeAsync([input], role, embedding, cancellationToken).ConfigureAwait(false);
        return embedding;
    }
}
