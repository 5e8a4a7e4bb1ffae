namespace ZeroShotCir.Composition;

/// <summary>Two rankings fused by the reciprocals of the ranks: items near the top of both come first, whatever the similarities are.</summary>
internal sealed class ReciprocalRanks(StrategyArguments arguments) : RowStrategy(arguments)
{
    protected internal override void Score(SimilarityRows rows, TermGeometry terms, Span<float> scores)
    {
        ReadOnlySpan<float> images = rows[0];
        ReadOnlySpan<float> texts = rows[1];
        double[] fused = new double[scores.Length];
        Add(rows.LeadingOf(0, (int)Arguments["depth"]), 1 - Alpha, fused);
        Add(rows.LeadingOf(1, (int)Arguments["depth"]), Alpha, fused);
        for (int i = 0; i < scores.Length; i++)
        {
            // What is in neither list comes behind them, by the similarities.
            scores[i] = (float)(fused[i] > 0 ? fused[i] : ((1 - Alpha) * images[i]) + (Alpha * texts[i]) - 2);
        }
    }

    private void Add(int[] leading, double weight, double[] fused)
    {
        int rank = 0;
        foreach (int item in leading)
        {
            fused[item] += weight / (Arguments["k"] + ++rank);
        }
    }
}
