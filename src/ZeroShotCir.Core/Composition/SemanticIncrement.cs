namespace ZeroShotCir.Composition;

/// <summary>Rewards what an edit of the description gained and punishes what it lost.</summary>
internal sealed class SemanticIncrement(StrategyArguments arguments) : RowStrategy(arguments)
{
    private readonly double _negative = arguments["neg"];
    private readonly double _positive = arguments["pos"];

    protected internal override void Score(SimilarityRows rows, TermGeometry terms, Span<float> scores)
    {
        ReadOnlySpan<float> before = rows[0];
        ReadOnlySpan<float> after = rows[1];
        for (int i = 0; i < scores.Length; i++)
        {
            double difference = (double)after[i] - before[i];
            scores[i] = (float)(after[i] + (_negative * Math.Min(0, difference)) + (_positive * Math.Max(0, difference)));
        }
    }
}
