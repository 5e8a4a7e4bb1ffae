namespace ZeroShotCir.Composition;

/// <summary>The weighted sum of the similarities of the halves: that of their directions, not renormalized.</summary>
internal sealed class LateSum(StrategyArguments arguments) : LinearStrategy(arguments)
{
    protected internal override bool IsNormalized => false;

    protected internal override bool TakesOneAlone => true;

    protected internal override void Weigh(TermGeometry terms, Span<double> weights)
    {
        weights[0] = 1 - Alpha;
        weights[1] = Alpha;
    }
}
