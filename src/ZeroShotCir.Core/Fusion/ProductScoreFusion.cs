namespace ZeroShotCir.Fusion;

/// <summary>Late fusion by the product of the similarities, each clamped at 0: <c>s = max(0, s_image)·max(0, s_text)</c>.</summary>
/// <remarks>An item must resemble both halves to score at all (the product baseline of i-CIR, Psomas et al., NeurIPS 2025). Immutable; serves concurrent callers.</remarks>
public sealed class ProductScoreFusion : IScoreFusion
{
    /// <inheritdoc/>
    public void Fuse(ReadOnlySpan<float> imageScores, ReadOnlySpan<float> textScores, Span<float> scores)
    {
        FusionGuard.CheckScores(imageScores, textScores, scores);
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = Math.Max(0, imageScores[i]) * Math.Max(0, textScores[i]);
        }
    }
}
