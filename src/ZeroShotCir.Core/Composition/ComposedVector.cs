namespace ZeroShotCir.Composition;

/// <summary>One vector that a model made of image and text together.</summary>
internal sealed class ComposedVector(StrategyArguments arguments) : LinearStrategy(arguments)
{
    protected internal override void Weigh(TermGeometry terms, Span<double> weights) => weights[0] = 1;
}
