namespace ZeroShotCir.Composition;

/// <summary>Moves image and text along the direction in which the modification moves the description.</summary>
internal sealed class PromptDirection(StrategyArguments arguments) : LinearStrategy(arguments)
{
    protected internal override void Weigh(TermGeometry terms, Span<double> weights)
    {
        // The paper's β is the weight of the moved text, as α is here.
        double step = ((1 - Alpha) * Arguments["image"]) + (Alpha * Arguments["text"]);
        weights[0] = 1 - Alpha;
        weights[1] = Alpha - step;
        weights[2] = step;
    }
}
