namespace ZeroShotCir.Composition;

/// <summary>The point a share α of the way along the great circle from the image's direction to the text's.</summary>
/// <remarks>
/// Where the two directions are nearly parallel or opposite the great circle is ill-defined in floating point, and the published code
/// interpolates linearly.
/// </remarks>
internal sealed class SphericalInterpolation(StrategyArguments arguments) : LinearStrategy(arguments)
{
    private const double LinearAbove = 0.9995;

    protected internal override bool TakesOneAlone => true;

    protected internal override void Weigh(TermGeometry terms, Span<double> weights)
    {
        (weights[0], weights[1]) = Weights(terms.Cosine(TermRole.Image, TermRole.Text), Alpha);
    }

    /// <summary>The weights of two directions, up to a factor.</summary>
    /// <param name="cosine">Their cosine.</param>
    /// <param name="share">How far along the way from the first to the second.</param>
    public static (double First, double Second) Weights(double cosine, double share)
    {
        double angle = Math.Acos(cosine);
        return Math.Abs(cosine) > LinearAbove ? (1 - share, share) : (Math.Sin((1 - share) * angle), Math.Sin(share * angle));
    }
}
