namespace ZeroShotCir.Fusion;

/// <summary>
/// Spherical linear interpolation: the point a share α of the way along the great circle from the image's direction to the text's,
/// <c>q = (sin((1-α)θ)·v̂ + sin(αθ)·t̂) / sin θ</c> with <c>θ = acos(v̂·t̂)</c> (Jang et al. 2024, arXiv 2405.00571).
/// </summary>
/// <remarks>
/// Where the two directions are nearly parallel or opposite, |v̂·t̂| above 0.9995, the great circle is ill-defined in floating point
/// and the published code interpolates linearly, as this class does. Immutable; serves concurrent callers.
/// </remarks>
public sealed class SphericalFusion : ILinearFusion
{
    private const double LinearAbove = 0.9995;

    /// <summary>Creates the fusion.</summary>
    /// <param name="alpha">How far the query lies from the image towards the text, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is not in [0, 1].</exception>
    public SphericalFusion(double alpha)
    {
        FusionGuard.ThrowIfNotAShare(alpha, "The weight of the text");
        Alpha = alpha;
    }

    /// <summary>How far the query lies from the image towards the text, in [0, 1].</summary>
    public double Alpha { get; }

    /// <inheritdoc/>
    public FusionWeights Weigh(double imageLength, double textLength, double cosine)
    {
        if (Math.Abs(cosine) > LinearAbove)
        {
            return LinearCombination.PerUnitLength(1 - Alpha, imageLength, Alpha, textLength);
        }

        double angle = Math.Acos(cosine);
        return LinearCombination.PerUnitLength(Math.Sin((1 - Alpha) * angle), imageLength, Math.Sin(Alpha * angle), textLength);
    }

    /// <inheritdoc/>
    public void Fuse(ReadOnlySpan<float> image, ReadOnlySpan<float> text, Span<float> query)
        => LinearCombination.Fuse(this, image, text, query);
}
