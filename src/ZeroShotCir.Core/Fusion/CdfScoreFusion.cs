namespace ZeroShotCir.Fusion;

/// <summary>
/// Late fusion of similarities made comparable: each is standardised over the gallery and mapped through the cumulative normal
/// distribution, <c>s = (1-α)·Φ(z(s_image)) + α·Φ(z(s_text))</c> (WeiCom, Psomas et al. 2024, repository billpsomas/rscir).
/// </summary>
/// <remarks>Immutable; serves concurrent callers.</remarks>
public sealed class CdfScoreFusion : IScoreFusion
{
    /// <summary>Creates the fusion.</summary>
    /// <param name="alpha">The weight of the text, in [0, 1].</param>
    /// <param name="sampleDeviation">
    /// Whether the standard deviation divides by n-1, as the published code does, rather than by n.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is not in [0, 1].</exception>
    public CdfScoreFusion(double alpha, bool sampleDeviation = true)
    {
        FusionGuard.ThrowIfNotAShare(alpha, "The weight of the text");
        Alpha = alpha;
        SampleDeviation = sampleDeviation;
    }

    /// <summary>The weight of the text, in [0, 1].</summary>
    public double Alpha { get; }

    /// <summary>Whether the standard deviation divides by n-1 rather than by n.</summary>
    public bool SampleDeviation { get; }

    /// <inheritdoc/>
    /// <remarks>Similarities that are all equal say nothing and count as 0.5 each.</remarks>
    public void Fuse(ReadOnlySpan<float> imageScores, ReadOnlySpan<float> textScores, Span<float> scores)
    {
        FusionGuard.CheckScores(imageScores, textScores, scores);
        (double imageMean, double imageScale) = Standardise(imageScores);
        (double textMean, double textScale) = Standardise(textScores);
        for (int i = 0; i < scores.Length; i++)
        {
            double image = NormalDistribution.Cumulative((imageScores[i] - imageMean) * imageScale);
            double text = NormalDistribution.Cumulative((textScores[i] - textMean) * textScale);
            scores[i] = (float)(((1 - Alpha) * image) + (Alpha * text));
        }
    }

    private (double Mean, double Scale) Standardise(ReadOnlySpan<float> values)
    {
        double mean = 0;
        foreach (float value in values)
        {
            mean += value;
        }

        mean /= Math.Max(1, values.Length);
        double squares = 0;
        foreach (float value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        double variance = squares / Math.Max(1, SampleDeviation ? values.Length - 1 : values.Length);
        return (mean, variance > 0 ? 1 / Math.Sqrt(variance) : 0);
    }
}
