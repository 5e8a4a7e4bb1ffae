using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Composition;

/// <summary>
/// Makes one vector of an item's image and captions, so that a whole gallery is searched by one inner product per item:
/// <c>g_n = (1-β)·v̂_n + β·mean_j ĉ_nj</c>, and the score <see cref="Scoring.Paper"/> of a query <c>q</c> is <c>q·g_n</c>.
/// </summary>
/// <remarks>The folded vector is not renormalized: its length carries how much image and captions agree.</remarks>
public static class Folding
{
    /// <summary>How much captions count where nothing else is said: the paper's β for CLIP.</summary>
    public const double DefaultBeta = 0.1;

    /// <summary>Folds one item. An item without captions folds to its image, whatever the weight.</summary>
    /// <param name="image">The image embedding v̂, of unit length.</param>
    /// <param name="captions">The caption embeddings ĉ, of unit length, one after the other; may be empty.</param>
    /// <param name="beta">How much captions count, the paper's β, in [0, 1].</param>
    /// <param name="folded">Receives g; as long as <paramref name="image"/>. May be the memory of <paramref name="image"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="beta"/> is not in [0, 1].</exception>
    /// <exception cref="InvalidEmbeddingException">Dimensions differ.</exception>
    public static void Fold(ReadOnlySpan<float> image, ReadOnlySpan<float> captions, double beta, Span<float> folded)
    {
        ThrowIfNotWeight(beta);
        int dimensions = image.Length;
        EmbeddingGuard.ThrowIfDimensionsDiffer(folded.Length, dimensions, "The destination of the folded vector");
        if (dimensions == 0 || captions.Length % dimensions != 0)
        {
            throw new InvalidEmbeddingException($"{captions.Length} numbers are not a whole number of caption embeddings of {dimensions} dimensions.");
        }

        if (captions.IsEmpty || beta == 0)
        {
            image.CopyTo(folded);
            return;
        }

        double share = beta / (captions.Length / dimensions);
        for (int i = 0; i < dimensions; i++)
        {
            double sum = 0;
            for (int j = i; j < captions.Length; j += dimensions)
            {
                sum += captions[j];
            }

            folded[i] = (float)(((1 - beta) * image[i]) + (share * sum));
        }
    }

    /// <summary>
    /// The component to append to a folded vector, and 0 to the query, for a store that only knows cosine similarity:
    /// <c>sqrt(1-|g|²)</c> gives every row unit length without changing its inner product with any query.
    /// </summary>
    /// <param name="folded">A folded vector; no longer than 1.</param>
    /// <returns>The component; 0 where rounding made the vector a little longer than 1.</returns>
    public static float CosineComponent(ReadOnlySpan<float> folded)
    {
        double length = UnitVector.Length(folded);
        return (float)Math.Sqrt(Math.Max(0, 1 - (length * length)));
    }

    /// <summary>Refuses what is no caption weight.</summary>
    /// <param name="beta">The value.</param>
    /// <param name="name">What the caller calls it.</param>
    internal static void ThrowIfNotWeight(double beta, string name = "beta")
    {
        if (!(beta is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(name, beta, "The caption weight β must lie in [0, 1].");
        }
    }
}
