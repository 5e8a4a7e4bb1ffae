namespace ZeroShotCir.Fusion;

/// <summary>The weighted sum <c>q = normalise((1-α)·image + α·text)</c> of WeiMoCIR (Wu, Lin, Yang 2024, section 3).</summary>
/// <remarks>
/// The paper normalises neither input in its formula and its published code fuses raw encoder outputs, so that the effective mix
/// depends on their lengths: <see cref="NormalizeInputs"/> chooses. Immutable; serves concurrent callers.
/// </remarks>
public sealed class WeightedFusion : ILinearFusion
{
    /// <summary>Creates the fusion.</summary>
    /// <param name="alpha">The weight of the text, the paper's α, in [0, 1].</param>
    /// <param name="normalizeInputs">Whether both inputs are scaled to unit length first; <see langword="false"/> is the published code.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is not in [0, 1].</exception>
    public WeightedFusion(double alpha, bool normalizeInputs = true)
    {
        FusionGuard.ThrowIfNotAShare(alpha, "The weight of the text");
        Alpha = alpha;
        NormalizeInputs = normalizeInputs;
    }

    /// <summary>The weight of the text, the paper's α, in [0, 1].</summary>
    public double Alpha { get; }

    /// <summary>Whether both inputs are scaled to unit length before they are added.</summary>
    public bool NormalizeInputs { get; }

    /// <inheritdoc/>
    public FusionWeights Weigh(double imageLength, double textLength, double cosine) => NormalizeInputs
        ? LinearCombination.PerUnitLength(1 - Alpha, imageLength, Alpha, textLength)
        : new FusionWeights(1 - Alpha, Alpha);

    /// <inheritdoc/>
    public void Fuse(ReadOnlySpan<float> image, ReadOnlySpan<float> text, Span<float> query)
        => LinearCombination.Fuse(this, image, text, query);
}
