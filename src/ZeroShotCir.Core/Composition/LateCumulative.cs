namespace ZeroShotCir.Composition;

/// <summary>Late fusion of similarities made comparable: each is standardized over the items and mapped through the cumulative normal distribution.</summary>
internal sealed class LateCumulative(StrategyArguments arguments) : RowStrategy(arguments)
{
    private readonly int _ddof = (int)arguments["ddof"];

    protected internal override void Score(SimilarityRows rows, TermGeometry terms, Span<float> scores)
    {
        ReadOnlySpan<float> images = rows[0];
        ReadOnlySpan<float> texts = rows[1];
        Standard image = new(rows.MomentsOf(0), _ddof);
        Standard text = new(rows.MomentsOf(1), _ddof);
        double imageWeight = 1 - Alpha, textWeight = Alpha;
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = (float)((imageWeight * NormalDistribution.Cumulative(image.Of(images[i]))) + (textWeight * NormalDistribution.Cumulative(text.Of(texts[i]))));
        }
    }

    // Similarities that are all equal say nothing and count as the mean.
    private readonly struct Standard(SimilarityMoments moments, int ddof)
    {
        private readonly double _mean = moments.Mean;
        private readonly double _scale = moments.Squares > 0 ? 1 / Math.Sqrt(moments.Variance(ddof)) : 0;

        public double Of(float value) => (value - _mean) * _scale;
    }
}
