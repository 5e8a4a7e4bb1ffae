namespace ZeroShotCir.Composition;

/// <summary>Two rankings fused by the reciprocals of the ranks: items near the top of both come first, whatever the similarities are.</summary>
internal sealed class ReciprocalRanks(StrategyArguments arguments) : RowStrategy(arguments)
{
    protected internal override void Score(SimilarityRows rows, TermGeometry terms, Span<float> scores)
    {
        ReadOnlySpan<float> images = rows[0];
        ReadOnlySpan<float> texts = rows[1];
        double imageWeight = 1 - Alpha, textWeight = Alpha;
        for (int i = 0; i < scores.Length; i++)
        {
            // What is in neither list comes behind them, by the similarities.
            scores[i] = (float)((imageWeight * images[i]) + (textWeight * texts[i]) - 2);
        }

        Dictionary<int, double> fused = [];
        Add(rows.LeadingOf(0, (int)Arguments["depth"]), imageWeight, fused);
        Add(rows.LeadingOf(1, (int)Arguments["depth"]), textWeight, fused);
        foreach ((int item, double sum) in fused)
        {
            scores[item] = (float)sum;
        }
    }

    private void Add(int[] leading, double weight, Dictionary<int, double> fused)
    {
        for (int i = 0; weight > 0 && i < leading.Length; i++)
        {
            fused[leading[i]] = fused.GetValueOrDefault(leading[i]) + (weight / (Arguments["k"] + (i + 1)));
        }
    }
}
