using System.Numerics.Tensors;

namespace ZeroShotCir.Composition;

/// <summary>The first items of two rankings together, by the sum of their similarities; the others behind them, by the same sum.</summary>
internal sealed class ListUnion(StrategyArguments arguments) : RowStrategy(arguments)
{
    // Sums lie between -2 and 2.
    private const float Behind = 5;

    protected internal override void Score(SimilarityRows rows, TermGeometry terms, Span<float> scores)
    {
        ReadOnlySpan<float> images = rows[0];
        ReadOnlySpan<float> texts = rows[1];
        TensorPrimitives.Add(images, texts, scores);
        TensorPrimitives.Subtract(scores, Behind, scores);
        int depth = (int)Arguments["depth"];
        foreach (int item in (int[])[.. rows.LeadingOf(0, depth), .. rows.LeadingOf(1, depth)])
        {
            scores[item] = images[item] + texts[item];
        }
    }
}
