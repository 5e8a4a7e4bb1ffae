using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Composition;

/// <summary>
/// The mean direction of one modality, taken away from its embeddings to close the gap between images and texts:
/// <c>c(x) = normalise(x̂ - μ)</c> (GR-CLIP, arXiv 2507.19054).
/// </summary>
/// <remarks>The exact published form could not be read; this is the form named in the abstract. Immutable; serves concurrent callers.</remarks>
internal sealed class ModalityCenter
{
    private readonly float[] _mean;

    /// <summary>Takes a known mean.</summary>
    /// <param name="mean">The mean of unit vectors of one modality; copied.</param>
    /// <exception cref="InvalidEmbeddingException">It is empty or not finite.</exception>
    public ModalityCenter(ReadOnlySpan<float> mean)
    {
        if (mean.IsEmpty)
        {
            throw new InvalidEmbeddingException("The mean of the modality has 0 dimensions; at least 1 is needed.");
        }

        EmbeddingGuard.ThrowIfNotFinite(mean, "The mean of the modality");
        _mean = mean.ToArray();
    }

    /// <summary>The number of components.</summary>
    public int Dimensions => _mean.Length;

    /// <summary>The mean of the unit vectors.</summary>
    public ReadOnlySpan<float> Mean => _mean;

    /// <summary>Measures the mean of a modality, such as all images of a gallery.</summary>
    /// <param name="embeddings">Its embeddings, of any length; at least one row.</param>
    /// <returns>The center.</returns>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    /// <exception cref="InvalidEmbeddingException">A component is not finite.</exception>
    public static ModalityCenter FromEmbeddings(EmbeddingMatrix embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        if (embeddings.Rows == 0)
        {
            throw new ArgumentException("There are no embeddings to measure the mean of; at least one is needed.", nameof(embeddings));
        }

        double[] sum = new double[embeddings.Dimensions];
        float[] unit = new float[embeddings.Dimensions];
        for (int row = 0; row < embeddings.Rows; row++)
        {
            UnitVector.Normalize(embeddings[row], unit);
            for (int i = 0; i < unit.Length; i++)
            {
                sum[i] += unit[i];
            }
        }

        return new ModalityCenter(Array.ConvertAll(sum, x => (float)(x / embeddings.Rows)));
    }

    /// <summary>Centers one embedding.</summary>
    /// <param name="embedding">The embedding, of any length.</param>
    /// <param name="destination">Receives <c>normalise(x̂ - μ)</c>; may be the same memory. An embedding equal to the mean becomes zero.</param>
    /// <exception cref="InvalidEmbeddingException">The embedding is not finite or a dimension differs.</exception>
    public void Center(ReadOnlySpan<float> embedding, Span<float> destination)
    {
        EmbeddingGuard.ThrowIfDimensionsDiffer(embedding.Length, Dimensions, "The embedding");
        EmbeddingGuard.ThrowIfNotFinite(embedding, "The embedding");
        EmbeddingGuard.ThrowIfDimensionsDiffer(destination.Length, Dimensions, "The destination");
        UnitVector.Normalize(embedding, destination);
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] -= _mean[i];
        }

        UnitVector.Normalize(destination, destination);
    }

    /// <summary>Centers every row of a matrix.</summary>
    /// <param name="embeddings">The embeddings, of any length.</param>
    /// <returns>A new matrix of the same shape.</returns>
    /// <exception cref="InvalidEmbeddingException">A component is not finite or the dimension differs.</exception>
    public EmbeddingMatrix Center(EmbeddingMatrix embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        EmbeddingMatrix centered = EmbeddingMatrix.Allocate(embeddings.Rows, embeddings.Dimensions, out Memory<float> values);
        for (int row = 0; row < embeddings.Rows; row++)
        {
            Center(embeddings[row], values.Span.Slice(row * embeddings.Dimensions, embeddings.Dimensions));
        }

        return centered;
    }
}
