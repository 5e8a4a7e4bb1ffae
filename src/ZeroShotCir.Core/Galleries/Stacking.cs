using ZeroShotCir.Embeddings;
using ZeroShotCir.Fusion;

namespace ZeroShotCir.Galleries;

/// <summary>
/// The scoring <see cref="Scoring.Reference"/> as one inner product: the item <c>[v̂_n ; ĉ_n1 ; … ; ĉ_nJ]</c> with the query
/// <c>[(1-β)·q ; β/J·q_1 ; … ; β/J·q_J]</c>, where <c>q_j</c> is fused from the reference image's own j-th caption.
/// </summary>
public static class Stacking
{
    /// <summary>Stacks an item.</summary>
    /// <param name="image">The image embedding v̂, of unit length, D numbers.</param>
    /// <param name="captions">Exactly J caption embeddings ĉ, of unit length, one after the other.</param>
    /// <param name="stacked">Receives the stacked item, (1+J)·D numbers.</param>
    /// <exception cref="InvalidEmbeddingException">The lengths do not fit.</exception>
    public static void StackItem(ReadOnlySpan<float> image, ReadOnlySpan<float> captions, Span<float> stacked)
    {
        CheckSizes(image.Length, captions.Length, stacked.Length);
        image.CopyTo(stacked);
        captions.CopyTo(stacked[image.Length..]);
    }

    /// <summary>Fuses and stacks a query.</summary>
    /// <param name="fusion">How image and text are fused, and each caption and the text.</param>
    /// <param name="captionWeight">How much captions count, the paper's β, in [0, 1].</param>
    /// <param name="image">The raw embedding of the reference image, D numbers.</param>
    /// <param name="captions">The raw embeddings of exactly J captions of the reference image.</param>
    /// <param name="text">The raw embedding of the modification text.</param>
    /// <param name="stacked">Receives the stacked query, (1+J)·D numbers.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="captionWeight"/> is not in [0, 1].</exception>
    /// <exception cref="InvalidEmbeddingException">The lengths do not fit, an input is not finite, or a fused query has no direction.</exception>
    public static void StackQuery(
        IQueryFusion fusion, double captionWeight, ReadOnlySpan<float> image, ReadOnlySpan<float> captions, ReadOnlySpan<float> text, Span<float> stacked)
    {
        ArgumentNullException.ThrowIfNull(fusion);
        Folding.ThrowIfNotWeight(captionWeight);
        int dimensions = image.Length;
        CheckSizes(dimensions, captions.Length, stacked.Length);
        int count = captions.Length / dimensions;
        FusePart(fusion, count == 0 ? 1 : 1 - captionWeight, image, text, stacked[..dimensions]);
        for (int j = 0; j < count; j++)
        {
            FusePart(fusion, captionWeight / count, captions.Slice(j * dimensions, dimensions), text, stacked.Slice((j + 1) * dimensions, dimensions));
        }
    }

    private static void FusePart(IQueryFusion fusion, double weight, ReadOnlySpan<float> source, ReadOnlySpan<float> text, Span<float> part)
    {
        if (weight == 0)
        {
            part.Clear(); // A part that does not count need not have a direction.
            return;
        }

        fusion.Fuse(source, text, part);
        for (int i = 0; i < part.Length; i++)
        {
            part[i] = (float)(weight * part[i]);
        }
    }

    private static void CheckSizes(int dimensions, int captions, int stacked)
    {
        if (dimensions == 0 || captions % dimensions != 0 || stacked != dimensions + captions)
        {
            throw new InvalidEmbeddingException(
                $"An image of {dimensions} dimensions and {captions} numbers of captions cannot be stacked into {stacked}; expected J captions of {dimensions} and (1+J)·{dimensions} numbers of room.");
        }
    }
}
