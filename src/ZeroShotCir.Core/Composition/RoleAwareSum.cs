namespace ZeroShotCir.Composition;

/// <summary>Each piece of evidence by its role: what is wanted as a whole, what must be there, what of the reference stays, what must not be there.</summary>
internal sealed class RoleAwareSum(StrategyArguments arguments) : LinearStrategy(arguments)
{
    protected internal override bool IsNormalized => false;

    protected internal override void Weigh(TermGeometry terms, Span<double> weights)
    {
        weights[0] = Arguments["preserved"];
        weights[1] = Arguments["global"];
        weights[2] = Arguments["desired"] * StartingSum.MeanScale(terms, TermRole.MustHave);
        weights[3] = -Arguments["forbidden"] * StartingSum.MeanScale(terms, TermRole.MustNot);
    }
}
