namespace ZeroShotCir.Composition;

/// <summary>The product of the similarities, each clamped at 0: an item must resemble both halves to score at all.</summary>
internal sealed class ScoreProduct(StrategyArguments arguments) : RowStrategy(arguments)
{
    protected internal override void Score(SimilarityRows rows, TermGeometry terms, Span<float> scores)
    {
        ReadOnlySpan<float> images = rows[0];
        ReadOnlySpan<float> texts = rows[1];
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = Math.Max(0, images[i]) * Math.Max(0, texts[i]);
        }
    }
}
