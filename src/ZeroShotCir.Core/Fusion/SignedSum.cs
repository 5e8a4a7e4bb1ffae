using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Fusion;

/// <summary>
/// Arithmetic with meanings: <c>q = Σ w_i·ê_i</c> over any number of images and texts, negative weights pushing away, not renormalised
/// (rclip, github.com/yurijmikhalevich/rclip).
/// </summary>
/// <remarks>
/// Begin with a query of zeros and add one term after the other. <see cref="CompositionExpression"/> reads such a sum from one line of text.
/// </remarks>
public static class SignedSum
{
    /// <summary>Adds one weighted term.</summary>
    /// <param name="query">The sum so far.</param>
    /// <param name="embedding">The embedding of an image or a text, of any length; as long as <paramref name="query"/>.</param>
    /// <param name="weight">Its weight; negative to push the query away from it.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="weight"/> is not finite.</exception>
    /// <exception cref="InvalidEmbeddingException">The embedding is not finite or has another dimension.</exception>
    public static void Add(Span<float> query, ReadOnlySpan<float> embedding, double weight)
    {
        FusionGuard.ThrowIfNotFinite(weight, "The weight of a term");
        FusionGuard.CheckInput(embedding, query.Length, "The embedding of the term");
        AddDirection(query, embedding, weight);
    }

    internal static void AddDirection(Span<float> query, ReadOnlySpan<float> embedding, double weight)
    {
        double length = UnitVector.Length(embedding);
        double scale = length > 0 ? weight / length : 0;
        for (int i = 0; i < query.Length; i++)
        {
            query[i] = (float)(query[i] + (scale * embedding[i]));
        }
    }
}
