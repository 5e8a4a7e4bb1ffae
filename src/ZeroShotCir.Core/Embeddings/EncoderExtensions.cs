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

    /// <summary>Encodes the images that can be decoded and reports the others, so that one bad image of thousands does not stop the work.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="images">The images.</param>
    /// <param name="destination">Row-major, exactly <c>images.Count × Dimensions</c> numbers; the rows of bad images become zeros.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What is wrong with each bad image, by ascending <see cref="InvalidImageException.Index"/>; empty when all are good.</returns>
    /// <remarks>
    /// An <see cref="IValidImageEncoder"/> does it in one pass. Of any other encoder, the good images before a bad one are encoded again,
    /// those after it are not: each image is encoded at most twice.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    public static async ValueTask<IReadOnlyList<InvalidImageException>> EncodeValidAsync(
        this IImageEncoder encoder, IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(images);
        int dimensions = encoder.Info.Dimensions;
        if (destination.Length != (long)images.Count * dimensions)
        {
            throw new ArgumentException($"{images.Count} images of {dimensions} dimensions need {(long)images.Count * dimensions} numbers; the destination has {destination.Length}.", nameof(destination));
        }

        if (encoder is IValidImageEncoder valid)
        {
            return await valid.EncodeValidAsync(images, destination, cancellationToken).ConfigureAwait(false);
        }

        List<InvalidImageException> failures = [];
        await EncodeRangeAsync(encoder, images, 0, images.Count, destination, failures, cancellationToken).ConfigureAwait(false);
        return failures;
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

    /// <summary>Encodes the images from <paramref name="start"/> to <paramref name="end"/>; what an encoder reports splits them.</summary>
    private static async ValueTask EncodeRangeAsync(
        IImageEncoder encoder, IReadOnlyList<ImageData> images, int start, int end, Memory<float> destination, List<InvalidImageException> failures, CancellationToken cancellationToken)
    {
        int dimensions = encoder.Info.Dimensions;
        while (start < end)
        {
            try
            {
                IReadOnlyList<ImageData> range = start == 0 && end == images.Count ? images : [.. Enumerable.Range(start, end - start).Select(i => images[i])];
                await encoder.EncodeAsync(range, destination[(start * dimensions)..(end * dimensions)], cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (InvalidImageException e)
            {
                // One that does not say which image is bad is asked about half of them, and half of these, until one is left.
                int? named = end - start == 1 ? start : e.Index is { } index && index >= 0 && index < end - start ? start + index : null;
                int bad = named ?? start + ((end - start) / 2);
                await EncodeRangeAsync(encoder, images, start, bad, destination, failures, cancellationToken).ConfigureAwait(false);
                start = bad;
                if (named is not null)
                {
                    destination.Slice(bad * dimensions, dimensions).Span.Clear();
                    failures.Add(e.Index == bad ? e : new InvalidImageException(e.Message, e) { Index = bad });
                    start++;
                }
            }
        }
    }
}
