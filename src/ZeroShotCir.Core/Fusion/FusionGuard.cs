using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Fusion;

/// <summary>What every fusion checks before it reads and after it has written.</summary>
internal static class FusionGuard
{
    public static void CheckInputs(ReadOnlySpan<float> image, ReadOnlySpan<float> text, ReadOnlySpan<float> query)
    {
        if (image.IsEmpty)
        {
            throw new InvalidEmbeddingException("The image embedding has 0 dimensions; at least 1 is needed.");
        }

        EmbeddingGuard.ThrowIfDimensionsDiffer(text.Length, image.Length, "The text embedding");
        EmbeddingGuard.ThrowIfDimensionsDiffer(query.Length, image.Length, "The destination of the query");
        EmbeddingGuard.ThrowIfNotFinite(image, "The image embedding");
        EmbeddingGuard.ThrowIfNotFinite(text, "The text embedding");
    }

    public static void NormalizeResult(Span<float> query)
    {
        UnitVector.Normalize(query, query);
        if (!query.ContainsAnyExcept(0f))
        {
            throw new InvalidEmbeddingException(
                "Image and text cancel each other out or are both zero, so the query has no direction. Choose another weight or check the encoders.");
        }
    }
}
