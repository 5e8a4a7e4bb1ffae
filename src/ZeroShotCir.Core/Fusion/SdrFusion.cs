using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Fusion;

/// <summary>
/// Takes the bias of a generated target description out of the ranking: with description d and modification m,
/// <c>q = normalise((1-α)·d̂ + α·v̂)</c> and <c>s = (1+β)·s_q - β·(s_d - s_m)</c> (SDR-CIR 2026, arXiv 2602.04451).
/// </summary>
/// <remarks>
/// The score is linear, so it is an inner product with one vector, <c>(1+β)·q - β·(d̂ - m̂)</c>, which is what <see cref="Fuse"/> writes.
/// Immutable; serves concurrent callers.
/// </remarks>
public sealed class SdrFusion
{
    /// <summary>Creates the fusion.</summary>
    /// <param name="alpha">The weight of the reference image, in [0, 1]; published between 0.05 and 0.2. Note that it is not the text's.</param>
    /// <param name="beta">How much of the difference between description and modification is taken out; published between 0.35 and 0.5.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is not in [0, 1] or <paramref name="beta"/> is not finite.</exception>
    public SdrFusion(double alpha, double beta)
    {
        FusionGuard.ThrowIfNotAShare(alpha, "The weight of the reference image");
        FusionGuard.ThrowIfNotFinite(beta, "The strength of the correction");
        Alpha = alpha;
        Beta = beta;
    }

    /// <summary>The weight of the reference image, in [0, 1].</summary>
    public double Alpha { get; }

    /// <summary>How much of the difference between description and modification is taken out.</summary>
    public double Beta { get; }

    /// <summary>Fuses three embeddings of one space.</summary>
    /// <param name="image">The embedding of the reference image.</param>
    /// <param name="description">The embedding of the description of the target.</param>
    /// <param name="modification">The embedding of the modification text.</param>
    /// <param name="query">Receives the query, not of unit length. Must not be the memory of an input.</param>
    /// <exception cref="InvalidEmbeddingException">An input is not finite, dimensions differ or are 0, or image and description cancel out.</exception>
    public void Fuse(ReadOnlySpan<float> image, ReadOnlySpan<float> description, ReadOnlySpan<float> modification, Span<float> query)
    {
        FusionGuard.CheckInputs(image, description, query);
        FusionGuard.CheckInput(modification, image.Length, "The embedding of the modification");
        query.Clear();
        SignedSum.AddDirection(query, description, 1 - Alpha);
        SignedSum.AddDirection(query, image, Alpha);
        FusionGuard.NormalizeResult(query);
        for (int i = 0; i < query.Length; i++)
        {
            query[i] *= (float)(1 + Beta);
        }

        SignedSum.AddDirection(query, description, -Beta);
        SignedSum.AddDirection(query, modification, Beta);
    }
}
