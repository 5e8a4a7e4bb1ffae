namespace ZeroShotCir.Fusion;

/// <summary>Late fusion by a weighted sum of similarities, <c>s = (1-α)·s_image + α·s_text</c>.</summary>
/// <remarks>Ranks as <see cref="WeightedFusion"/> of unit vectors does, since scaling a query changes no ranking. Immutable; serves concurrent callers.</remarks>
public sealed class LinearScoreFusion : IScoreFusion
{
    /// <summary>Creates the fusion.</summary>
    /// <param name="alpha">The weight of the text, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is not in [0, 1].</exception>
    public LinearScoreFusion(double alpha)
    {
        FusionGuard.ThrowIfNotAShare(alpha, "The weight of the text");
        Alpha = alpha;
    }

    /// <summary>The weight of the text, in [0, 1].</summary>
    public double Alpha { get; }

    /// <inheritdoc/>
    public void Fuse(ReadOnlySpan<float> imageScores, ReadOnlySpan<float> textScores, Span<float> scores)
    {
        FusionGuard.CheckScores(imageScores, textScores, scores);
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = (float)(((1 - Alpha) * imageScores[i]) + (Alpha * textScores[i]));
        }
    }
}
