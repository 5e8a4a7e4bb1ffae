using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Composition;

/// <summary>
/// One embedding from several, <c>normalise(Σ t̂_i)</c>: captions in both orders (SEARLE, <c>src/validate.py</c>), prompt templates
/// (CLIP), several edited descriptions (LDRE).
/// </summary>
public static class MeanDirection
{
    // A sum of directions shorter than this share of their number is rounding.
    internal const double LeastLength = 1e-7;

    /// <summary>Averages the directions of the rows of a matrix.</summary>
    /// <param name="embeddings">The embeddings; at least one row, of any length.</param>
    /// <param name="mean">Receives the mean direction, of unit length.</param>
    /// <exception cref="ArgumentException"><paramref name="embeddings"/> has no rows.</exception>
    /// <exception cref="InvalidEmbeddingException">A row is not finite, dimensions differ, or the rows cancel each other out.</exception>
    public static void Compute(EmbeddingMatrix embeddings, Span<float> mean)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        if (embeddings.Rows == 0)
        {
            throw new ArgumentException("There are no embeddings to average; at least one is needed.", nameof(embeddings));
        }

        EmbeddingGuard.ThrowIfDimensionsDiffer(mean.Length, embeddings.Dimensions, "The destination of the mean");
        double[] sum = new double[embeddings.Dimensions];
        for (int row = 0; row < embeddings.Rows; row++)
        {
            EmbeddingGuard.ThrowIfNotFinite(embeddings[row], "The embedding to average");
            double length = UnitVector.Length(embeddings[row]);
            for (int i = 0; length > 0 && i < sum.Length; i++)
            {
                sum[i] += embeddings[row][i] / length;
            }
        }

        double whole = Math.Sqrt(sum.Sum(value => value * value));
        if (whole <= embeddings.Rows * LeastLength)
        {
            throw new InvalidEmbeddingException($"The {embeddings.Rows} embeddings to average cancel each other out or are zero, so their mean has no direction.");
        }

        for (int i = 0; i < sum.Length; i++)
        {
            mean[i] = (float)(sum[i] / whole);
        }
    }
}
