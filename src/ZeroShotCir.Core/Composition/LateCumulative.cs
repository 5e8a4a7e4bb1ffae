namespace ZeroShotCir.Composition;

/// <summary>Late fusion of similarities made comparable: each is standardized over the items and mapped through the cumulative normal distribution.</summary>
internal sealed class LateCumulative(StrategyArguments arguments) : RowStrategy(arguments)
{
    private readonly int _ddof = (int)arguments["ddof"];

    protected internal override void Score(SimilarityRows rows, TermGeometry terms, Span<float> scores)
    {
        ReadOnlySpan<float> images = rows[0];
        ReadOnlySpan<float> texts = rows[1];
        Standard image = new(images, _ddof);
        Standard text = new(texts, _ddof);
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = (float)(((1 - Alpha) * NormalDistribution.Cumulative(image.Of(images[i]))) + (Alpha * NormalDistribution.Cumulative(text.Of(texts[i]))));
        }
    }

    // Similarities that are all equal say nothing and count as the mean.
    private readonly struct Standard
    {
        private readonly double _mean;
        private readonly double _scale;

        public Standard(ReadOnlySpan<float> values, int ddof)
        {
            double sum = 0;
            foreach (float value in values)
            {
                sum += value;
            }

            _mean = sum / Math.Max(1, values.Length);
            double squares = 0;
            foreach (float value in values)
            {
                squares += (value - _mean) * (value - _mean);
            }

            double variance = squares / Math.Max(1, values.Length - ddof);
            _scale = variance > 0 ? 1 / Math.Sqrt(variance) : 0;
        }

        public double Of(float value) => (value - _mean) * _scale;
    }
}
