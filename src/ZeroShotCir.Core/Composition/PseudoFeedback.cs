using ZeroShotCir.Similarity;

namespace ZeroShotCir.Composition;

/// <summary>
/// The weighted sum looks at the gallery first, and what it finds is added to it: the mean of the query and of the first items, weighted
/// by how similar they are.
/// </summary>
internal sealed class PseudoFeedback(StrategyArguments arguments) : LinearStrategy(arguments)
{
    protected internal override bool DerivesVectors => true;

    protected internal override bool LooksAtItems => true;

    protected internal override bool NormalizesDerived => false;

    protected internal override bool IsNormalized => false;

    protected internal override int CountVectors(TermSet terms) => 1;

    protected internal override void Derive(TermSet terms, ComposedVectors vectors)
    {
        float[] start = new float[terms.Dimensions];
        StartingSum.Compose(this, terms, start);
        SearchedItems items = terms.RequireSearched(this);
        double temperature = Arguments["temperature"];
        double total = Math.Exp(temperature);
        double[] sum = new double[start.Length];
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] = total * start[i];
        }

        float[] image = new float[start.Length];
        foreach (SearchHit hit in items.Nearest(start, (int)Arguments["rows"]))
        {
            double weight = Math.Exp(temperature * hit.Score);
            total += weight;
            items.CopyImage(hit.Ordinal, image);
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += weight * image[i];
            }
        }

        for (int i = 0; i < sum.Length; i++)
        {
            vectors[0][i] = (float)(sum[i] / total);
        }
    }

    protected internal override void Weigh(TermGeometry terms, Span<double> weights) => weights[0] = 1;
}
