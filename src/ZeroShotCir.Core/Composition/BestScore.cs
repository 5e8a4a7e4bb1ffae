using System.Numerics.Tensors;
using ZeroShotCir.Buffers;
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
        using RentedArray<float> room = new(scores.Length);
        Span<float> unwanted = room.Span;
        Best(rows, Array.ConvertAll(weights, weight => weight > 0), scores);
        Best(rows, Array.ConvertAll(weights, weight => weight < 0), unwanted);
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = (float)(scores[i] > unwanted[i] ? Squash(scores[i]) : -Squash(unwanted[i]));
        }
    }

    // The largest similarity of each item to some of the examples.
    private static void Best(SimilarityRows rows, bool[] counts, Span<float> best)
    {
        best.Fill(float.NegativeInfinity);
        for (int vector = 0; vector < counts.Length; vector++)
        {
            if (counts[vector])
            {
                TensorPrimitives.Max(best, rows[vector], best);
            }
        }
    }

    // Ascending in the similarity, between 0 and 1.
    private static double Squash(double similarity) => ((similarity / (1 + Math.Abs(similarity))) + 1) / 2;
}
