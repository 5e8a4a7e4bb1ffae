namespace ZeroShotCir.Composition;

/// <summary>Puts embeddings into a space; the same for queries and for gallery rows. Immutable.</summary>
internal abstract class SpaceTransform
{
    /// <summary>Puts an image embedding into the space; the result has unit length or is zero.</summary>
    public abstract void TransformImage(ReadOnlySpan<float> embedding, Span<float> destination);

    /// <summary>Puts a text embedding into the space; the result has unit length or is zero.</summary>
    public abstract void TransformText(ReadOnlySpan<float> embedding, Span<float> destination);

    public void Transform(TermRole role, ReadOnlySpan<float> embedding, Span<float> destination)
    {
        if (TermSet.IsImage(role))
        {
            TransformImage(embedding, destination);
        }
        else
        {
            TransformText(embedding, destination);
        }
    }
}
