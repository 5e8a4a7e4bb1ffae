using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Composition;

/// <summary>Descriptions of the target, each drawn towards the text; the mean over the descriptions, whose length carries how much they agree.</summary>
internal sealed class Transition(StrategyArguments arguments) : LinearStrategy(arguments)
{
    protected internal override bool DerivesVectors => true;

    protected internal override bool NormalizesDerived => false;

    protected internal override bool IsNormalized => false;

    protected internal override int CountVectors(TermSet terms) => 1;

    protected internal override void Derive(TermSet terms, ComposedVectors vectors)
    {
        float[] text = new float[terms.Dimensions];
        terms.CopyDirection(TermRole.Text, text);
        EmbeddingMatrix descriptions = terms.DirectionsOf(TermRole.TargetDescription);
        IReadOnlyList<double> weights = terms.WeightsOf(TermRole.TargetDescription);
        double total = weights.Sum(Math.Abs);
        double[] mean = new double[terms.Dimensions];
        double[] moved = new double[terms.Dimensions];
        for (int k = 0; k < descriptions.Rows; k++)
        {
            double square = 0;
            for (int i = 0; i < moved.Length; i++)
            {
                moved[i] = ((1 - Alpha) * descriptions[k][i]) + (Alpha * text[i]);
                square += moved[i] * moved[i];
            }

            double length = Math.Sqrt(square);
            ThrowIfNoDirection(length, 1);
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += weights[k] / total * moved[i] / length;
            }
        }

        for (int i = 0; i < mean.Length; i++)
        {
            vectors[0][i] = (float)mean[i];
        }
    }

    protected internal override void Weigh(TermGeometry terms, Span<double> weights) => weights[0] = 1;
}
