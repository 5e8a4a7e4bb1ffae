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
    /// <remarks>After a bad image the rest of the list is encoded again: hand over batches, not whole collections.</remarks>
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

        List<int> good = [.. Enumerable.Range(0, images.Count)];
        SortedList<int, InvalidImageException> failures = [];
        while (good.Count > 0)
        {
            try
            {
                IReadOnlyList<ImageData> batch = failures.Count == 0 ? images : [.. good.Select(i => images[i])];
                await encoder.EncodeAsync(batch, destination[..(good.Count * dimensions)], cancellationToken).ConfigureAwait(false);
                break;
            }
            catch (InvalidImageException e)
            {
                int position = e.Index ?? await FindInvalidAsync(encoder, images, good, cancellationToken).ConfigureAwait(false);
                int index = good[position];
                failures.Add(index, e.Index == index ? e : new InvalidImageException(e.Message, e) { Index = index });
                good.RemoveAt(position);
            }
        }

        Spread(destination.Span, good, images.Count, dimensions);
        return [.. failures.Values];
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

    /// <summary>Asks an encoder that does not say which image is bad about each of them.</summary>
    private static async ValueTask<int> FindInvalidAsync(IImageEncoder encoder, IReadOnlyList<ImageData> images, List<int> candidates, CancellationToken cancellationToken)
    {
        float[] row = new float[encoder.Info.Dimensions];
        for (int position = 0; position < candidates.Count - 1; position++)
        {
            try
            {
                await encoder.EncodeAsync([images[candidates[position]]], row, cancellationToken).ConfigureAwait(false);
            }
            catch (InvalidImageException)
            {
                return position;
            }
        }

        return candidates.Count - 1;
    }

    /// <summary>Moves packed rows to where they belong, last first so that none is overwritten before it moved.</summary>
    private static void Spread(Span<float> rows, List<int> owners, int count, int dimensions)
    {
        int packed = owners.Count - 1;
        for (int row = count - 1; row > packed; row--)
        {
            Span<float> target = rows.Slice(row * dimensions, dimensions);
            if (packed >= 0 && owners[packed] == row)
            {
                rows.Slice(packed-- * dimensions, dimensions).CopyTo(target);
            }
            else
            {
                target.Clear();
            }
        }
    }
}
