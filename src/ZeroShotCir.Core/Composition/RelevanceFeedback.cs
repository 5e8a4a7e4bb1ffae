namespace ZeroShotCir.Composition;

/// <summary>The weighted sum moved towards a description, towards what was liked among the images that were found, and away from what was not.</summary>
internal sealed class RelevanceFeedback(StrategyArguments arguments) : LinearStrategy(arguments)
{
    protected internal override void Weigh(TermGeometry terms, Span<double> weights)
    {
        weights.Clear();
        if (terms.Has(TermRole.Image) || terms.Has(TermRole.Text))
        {
            (weights[0], weights[1]) = StartingSum.Weights(this, terms);
        }

        weights[2] = Arguments["description"];
        weights[3] = Arguments["like"] * StartingSum.MeanScale(terms, TermRole.Liked);
        weights[4] = -Arguments["unlike"] * StartingSum.MeanScale(terms, TermRole.Disliked);
    }
}
