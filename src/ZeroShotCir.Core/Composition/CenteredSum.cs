namespace ZeroShotCir.Composition;

/// <summary>The weighted sum in the space that has lost the modalities' means.</summary>
internal sealed class CenteredSum(StrategyArguments arguments) : LinearStrategy(arguments)
{
    public override CompositionSpace Space => CompositionSpace.Centered;

    protected internal override bool TakesOneAlone => true;

    protected internal override void Weigh(TermGeometry terms, Span<double> weights)
    {
        weights[0] = 1 - Alpha;
        weights[1] = Alpha;
    }
}
