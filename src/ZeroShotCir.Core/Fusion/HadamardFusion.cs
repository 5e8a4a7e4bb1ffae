using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Fusion;

/// <summary>The element-wise product of the two directions, <c>q = normalise(v̂ ∘ t̂)</c>: keeps the components that both share.</summary>
/// <remarks>A baseline without weights. Immutable; serves concurrent callers.</remarks>
public sealed class HadamardFusion : IQueryFusion
{
    /// <inheritdoc/>
    public void Fuse(ReadOnlySpan<float> image, ReadOnlySpan<float> text, Span<float> query)
    {
        FusionGuard.CheckInputs(image, text, query);
        double lengths = UnitVector.Length(image) * UnitVector.Length(text);
        for (int i = 0; i < query.Length; i++)
        {
            query[i] = lengths > 0 ? (float)(image[i] / lengths * text[i]) : 0;
        }

        FusionGuard.NormalizeResult(query);
    }
}
