namespace ZeroShotCir.Composition;

/// <summary>The weighted sum of two halves; the second is the text, or what stands for it.</summary>
/// <param name="arguments">What it is made with.</param>
/// <param name="canTakeRaw">Whether it can take embeddings as the encoders gave them.</param>
internal sealed class WeightedSum(StrategyArguments arguments, bool canTakeRaw) : LinearStrategy(arguments)
{
    protected internal override bool TakesOneAlone => true;

    protected internal override void Weigh(TermGeometry terms, Span<double> weights)
    {
        bool takesRaw = canTakeRaw && !NormalizeInputs;
        weights[0] = (1 - Alpha) * (takesRaw ? terms.InputLength(Roles[0]) : 1);
        weights[1] = Alpha * (takesRaw ? terms.InputLength(Roles[1]) : 1);
    }
}
