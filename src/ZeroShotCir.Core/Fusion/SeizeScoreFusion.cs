namespace ZeroShotCir.Fusion;

/// <summary>
/// Rewards what an edit of the description gained and punishes what it lost, <c>s = after + negative·min(0, D) + positive·max(0, D)</c>
/// with <c>D = after - before</c> (SEIZE, Yang et al., ACM MM 2024, <c>src/semantic_editing_search.py</c>).
/// </summary>
/// <remarks>
/// The half called image is the similarity to the description of the reference image, "before"; the half called text the similarity to
/// the description as edited, "after". Immutable; serves concurrent callers.
/// </remarks>
public sealed class SeizeScoreFusion : IScoreFusion
{
    /// <summary>Creates the fusion.</summary>
    /// <param name="negative">The weight of losses; published between 0.13 and 0.22.</param>
    /// <param name="positive">The weight of gains; published between 1.0 and 2.1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A weight is not finite.</exception>
    public SeizeScoreFusion(double negative, double positive)
    {
        FusionGuard.ThrowIfNotFinite(negative, "The weight of losses");
        FusionGuard.ThrowIfNotFinite(positive, "The weight of gains");
        Negative = negative;
        Positive = positive;
    }

    /// <summary>The weight of losses.</summary>
    public double Negative { get; }

    /// <summary>The weight of gains.</summary>
    public double Positive { get; }

    /// <inheritdoc/>
    public void Fuse(ReadOnlySpan<float> imageScores, ReadOnlySpan<float> textScores, Span<float> scores)
    {
        FusionGuard.CheckScores(imageScores, textScores, scores);
        for (int i = 0; i < scores.Length; i++)
        {
            double difference = (double)textScores[i] - imageScores[i];
            scores[i] = (float)(textScores[i] + (Negative * Math.Min(0, difference)) + (Positive * Math.Max(0, difference)));
        }
    }
}
