namespace ZeroShotCir.Composition;

/// <summary>Takes the bias of a generated target description out of the ranking.</summary>
internal sealed class DescriptionDebiasing(StrategyArguments arguments) : LinearStrategy(arguments)
{
    protected internal override bool IsNormalized => false;

    protected internal override void Weigh(TermGeometry terms, Span<double> weights)
    {
        // The paper weighs the image where α weighs the description.
        double beta = Arguments["beta"];
        double length = terms.LengthOfSum([TermRole.Image, TermRole.TargetDescription], [1 - Alpha, Alpha]);
        ThrowIfNoDirection(length, 1);
        weights[0] = (1 - Alpha) * (1 + beta) / length;
        weights[1] = beta;
        weights[2] = (Alpha * (1 + beta) / length) - beta;
    }
}
