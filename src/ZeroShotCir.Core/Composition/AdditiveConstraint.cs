namespace ZeroShotCir.Composition;

/// <summary>The weighted sum moved towards what must be there and away from what must not: linear, so one vector.</summary>
internal sealed class AdditiveConstraint(StrategyArguments arguments) : LinearStrategy(arguments)
{
    protected internal override bool IsNormalized => false;

    protected internal override void Weigh(TermGeometry terms, Span<double> weights)
    {
        (weights[0], weights[1]) = StartingSum.Weights(this, terms);
        weights[2] = Arguments["lambda"] * StartingSum.MeanScale(terms, TermRole.MustHave);
        weights[3] = -Arguments["lambda"] * StartingSum.MeanScale(terms, TermRole.MustNot);
    }
}
