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
        double cosine = terms.Cosine(TermRole.Image, TermRole.Text);
        bool isLinear = Math.Abs(cosine) > LinearAbove;
        double angle = Math.Acos(cosine);
        weights[0] = isLinear ? 1 - Alpha : Math.Sin((1 - Alpha) * angle);
        weights[1] = isLinear ? Alpha : Math.Sin(Alpha * angle);
    }
}
