using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Fusion;

/// <summary>
/// Moves image and text along the prompt directional vector, the direction in which the modification moves the description:
/// <c>Δ = t_composed - t_reference</c>, <c>q = normalise((1-β)·(v̂ + α_I·Δ) + β·(t_reference + α_T·Δ))</c>
/// (PDV-F, Tursun et al. 2025, arXiv 2502.07215).
/// </summary>
/// <remarks>
/// The published weights lie at α 1.0–1.4 and β 0.55–0.9. All inputs are scaled to unit length first, Δ is not.
/// Immutable; serves concurrent callers.
/// </remarks>
public sealed class PromptDirectionalFusion
{
    /// <summary>Creates the fusion.</summary>
    /// <param name="imageStep">The paper's α_I, how far the image moves.</param>
    /// <param name="textStep">The paper's α_T, how far the text moves; 1 reaches the composed text.</param>
    /// <param name="beta">The weight of the moved text against the moved image, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">A step is not finite or <paramref name="beta"/> is not in [0, 1].</exception>
    public PromptDirectionalFusion(double imageStep, double textStep, double beta)
    {
        FusionGuard.ThrowIfNotFinite(imageStep, "The step of the image");
        FusionGuard.ThrowIfNotFinite(textStep, "The step of the text");
        FusionGuard.ThrowIfNotAShare(beta, "The weight of the moved text");
        ImageStep = imageStep;
        TextStep = textStep;
        Beta = beta;
    }

    /// <summary>The paper's α_I, how far the image moves.</summary>
    public double ImageStep { get; }

    /// <summary>The paper's α_T, how far the text moves.</summary>
    public double TextStep { get; }

    /// <summary>The weight of the moved text against the moved image, in [0, 1].</summary>
    public double Beta { get; }

    /// <summary>Fuses three embeddings of one space.</summary>
    /// <param name="image">The embedding of the reference image.</param>
    /// <param name="referenceText">The embedding of a description of the reference image, such as its stored caption.</param>
    /// <param name="composedText">The embedding of the description after the modification.</param>
    /// <param name="query">Receives the query, of unit length. Must not be the memory of an input.</param>
    /// <exception cref="InvalidEmbeddingException">An input is not finite, dimensions differ or are 0, or the result has no direction.</exception>
    public void Fuse(ReadOnlySpan<float> image, ReadOnlySpan<float> referenceText, ReadOnlySpan<float> composedText, Span<float> query)
    {
        FusionGuard.CheckInputs(image, composedText, query);
        FusionGuard.CheckInput(referenceText, image.Length, "The embedding of the reference's description");
        query.Clear();
        SignedSum.AddDirection(query, image, 1 - Beta);
        double step = ((1 - Beta) * ImageStep) + (Beta * TextStep);
        SignedSum.AddDirection(query, referenceText, Beta - step);
        SignedSum.AddDirection(query, composedText, step);
        FusionGuard.NormalizeResult(query);
    }
}
