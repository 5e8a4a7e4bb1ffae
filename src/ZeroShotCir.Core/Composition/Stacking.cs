using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Composition;

/// <summary>
/// The scoring <see cref="Scoring.PublishedCode"/> as one inner product: the item <c>[v̂_n ; ĉ_n1 ; … ; ĉ_nJ]</c> with the query
/// <c>[(1-β)·q ; β/J·q_1 ; … ; β/J·q_J]</c>, where <c>q_j</c> is composed from the reference image's own j-th caption.
/// </summary>
/// <remarks>
/// An item with fewer captions has them <c>J/J_n</c> times as long, so that the mean is taken over its own. Where items score by their
/// image alone there is one block more: <c>v̂_n</c> of such an item and zeros of the others, met by <c>β·q</c>.
/// </remarks>
internal static class Stacking
{
    /// <summary>Stacks an item.</summary>
    /// <param name="image">The image embedding, of unit length, D numbers.</param>
    /// <param name="captions">Its own caption embeddings, of unit length; the first <paramref name="count"/> are taken.</param>
    /// <param name="count">J.</param>
    /// <param name="stacked">Receives the item: 1+J blocks of D numbers, or one more where items may score by their image alone.</param>
    public static void StackItem(ReadOnlySpan<float> image, ReadOnlySpan<float> captions, int count, Span<float> stacked)
    {
        int dimensions = image.Length;
        stacked.Clear();
        image.CopyTo(stacked);
        int own = Math.Min(count, captions.Length / dimensions);
        if (own == 0)
        {
            image.CopyTo(stacked[((1 + count) * dimensions)..]);
            return;
        }

        for (int i = 0; i < own * dimensions; i++)
        {
            stacked[dimensions + i] = own == count ? captions[i] : (float)((double)count / own * captions[i]);
        }
    }

    /// <summary>Composes and stacks a query.</summary>
    /// <param name="strategy">How terms are composed.</param>
    /// <param name="beta">How much captions count, the paper's β, in [0, 1].</param>
    /// <param name="paths">The terms of the query, then those with each of the reference's J captions in the place of its image.</param>
    /// <param name="imageOnly">Whether items may score by their image alone.</param>
    /// <returns>The query.</returns>
    /// <exception cref="InvalidEmbeddingException">A composed query has no direction.</exception>
    public static float[] StackQuery(LinearStrategy strategy, double beta, IReadOnlyList<TermSet> paths, bool imageOnly)
    {
        Folding.ThrowIfNotWeight(beta);
        int dimensions = paths[0].Dimensions;
        int count = paths.Count - 1;
        float[] stacked = new float[(paths.Count + (imageOnly ? 1 : 0)) * dimensions];
        for (int path = 0; path < paths.Count; path++)
        {
            Write(path == 0 ? (count == 0 ? 1 : 1 - beta) : beta / count, paths[path], stacked.AsSpan(path * dimensions, dimensions));
        }

        if (imageOnly)
        {
            Write(beta, paths[0], stacked.AsSpan(paths.Count * dimensions));
        }

        return stacked;

        // A part that does not count need not have a direction.
        void Write(double weight, TermSet terms, Span<float> part)
        {
            float[] query = weight == 0 ? [] : strategy.Compose(terms);
            for (int i = 0; i < query.Length; i++)
            {
                part[i] = (float)(weight * query[i]);
            }
        }
    }
}
