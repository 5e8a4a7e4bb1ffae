using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Composition;

/// <summary>
/// Several examples, each for itself: an item scores by the example it resembles most, and by how little it resembles the best of the
/// negative ones where that is nearer. Weights say which are negative and no more.
/// </summary>
internal sealed class BestScore(StrategyArguments arguments) : RowStrategy(arguments)
{
    private static readonly TermRole[] Examples = [TermRole.Image, TermRole.Text];

    protected internal override bool DerivesVectors => true;

    protected internal override int CountVectors(TermSet terms) => Examples.Sum(role => terms.WeightsOf(role).Count);

    protected internal override void Derive(TermSet terms, ComposedVectors vectors)
    {
        int position = 0;
        foreach (TermRole role in Examples)
        {
            EmbeddingMatrix directions = terms.DirectionsOf(role);
            for (int i = 0; i < directions.Rows; i++)
            {
                directions[i].CopyTo(vectors[position++]);
            }
        }
    }

    protected internal override void Score(SimilarityRows rows, TermGeometry terms, Span<float> scores)
    {
        double[] weights = [.. Examples.SelectMany(terms.WeightsOf)];
        for (int i = 0; i < scores.Length; i++)
        {
            float wanted = float.NegativeInfinity;
            float unwanted = float.NegativeInfinity;
            for (int vector = 0; vector < weights.Length; vector++)
            {
                float similarity = rows[vector][i];
                wanted = weights[vector] > 0 ? Math.Max(wanted, similarity) : wanted;
                unwanted = weights[vector] < 0 ? Math.Max(unwanted, similarity) : unwanted;
            }

            scores[i] = (float)(wanted > unwanted ? Squash(wanted) : -Squash(unwanted));
        }
    }

    // Ascending in the similarity, between 0 and 1.
    private static double Squash(double similarity) => ((similarity / (1 + Math.Abs(similarity))) + 1) / 2;
}
