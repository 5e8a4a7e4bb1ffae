using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Fusion;

/// <summary>The weighted sum <c>q = normalise((1-α)·image + α·text)</c> of WeiMoCIR (Wu, Lin, Yang 2024, section 3).</summary>
/// <remarks>
/// The paper normalises neither input in its formula and its published code fuses raw encoder outputs, so that the effective mix
/// depends on their lengths: <see cref="NormalizeInputs"/> chooses. Immutable; serves concurrent callers.
/// </remarks>
public sealed class WeightedFusion : IQueryFusion
{
    /// <summary>Creates the fusion.</summary>
    /// <param name="alpha">The weight of the text, the paper's α, in [0, 1].</param>
    /// <param name="normalizeInputs">Whether both inputs are scaled to unit length first; <see langword="false"/> is the published code.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is not in [0, 1].</exception>
    public WeightedFusion(double alpha, bool normalizeInputs = true)
    {
        if (!(alpha is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "The weight of the text must lie in [0, 1].");
        }

        Alpha = alpha;
        NormalizeInputs = normalizeInputs;
    }

    /// <summary>The weight of the text, the paper's α, in [0, 1].</summary>
    public double Alpha { get; }

    /// <summary>Whether both inputs are scaled to unit length before they are added.</summary>
    public bool NormalizeInputs { get; }

    /// <inheritdoc/>
    public void Fuse(ReadOnlySpan<float> image, ReadOnlySpan<float> text, Span<float> query)
    {
        FusionGuard.CheckInputs(image, text, query);
        double imageScale = 1 - Alpha;
        double textScale = Alpha;
        if (NormalizeInputs)
        {
            imageScale = Scale(imageScale, UnitVector.Length(image));
            textScale = Scale(textScale, UnitVector.Length(text));
        }

        for (int i = 0; i < query.Length; i++)
        {
            query[i] = (float)((imageScale * image[i]) + (textScale * text[i]));
        }

        FusionGuard.NormalizeResult(query);
    }

    // A zero vector has no direction and contributes nothing.
    private static double Scale(double weight, double length) => length > 0 ? weight / length : 0;
}
