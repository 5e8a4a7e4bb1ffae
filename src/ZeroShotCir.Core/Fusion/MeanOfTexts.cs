using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Fusion;

/// <summary>
/// One text embedding from several, <c>normalise(Σ t̂_i)</c>: captions in both orders (SEARLE, <c>src/validate.py</c>), prompt templates
/// (CLIP), several edited descriptions (LDRE).
/// </summary>
public static class MeanOfTexts
{
    /// <summary>Averages the directions of the rows of a matrix.</summary>
    /// <param name="texts">The embeddings; at least one row.</param>
    /// <param name="text">Receives the mean direction, of unit length.</param>
    /// <exception cref="ArgumentException"><paramref name="texts"/> has no rows.</exception>
    /// <exception cref="InvalidEmbeddingException">A row is not finite, dimensions differ, or the rows cancel each other out.</exception>
    public static void Average(EmbeddingMatrix texts, Span<float> text)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (texts.Rows == 0)
        {
            throw new ArgumentException("There are no texts to average; at least one is needed.", nameof(texts));
        }

        EmbeddingGuard.ThrowIfDimensionsDiffer(text.Length, texts.Dimensions, "The destination of the mean");
        text.Clear();
        for (int row = 0; row < texts.Rows; row++)
        {
            SignedSum.Add(text, texts[row], 1);
        }

        FusionGuard.NormalizeResult(text);
    }
}
