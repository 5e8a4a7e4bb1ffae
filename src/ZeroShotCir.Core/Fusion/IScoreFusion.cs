namespace ZeroShotCir.Fusion;

/// <summary>
/// Makes one score per gallery item from its similarities to the two halves of a query: fusion after the search instead of before it.
/// </summary>
/// <remarks>
/// Such a fusion sees the whole gallery at once and may use its statistics, so it needs every similarity, not the best few.
/// Implementations are immutable and serve concurrent callers.
/// </remarks>
public interface IScoreFusion
{
    /// <summary>Fuses the similarities of one query.</summary>
    /// <param name="imageScores">The inner product of each gallery item with the reference image; unit vectors on both sides.</param>
    /// <param name="textScores">The inner product of each gallery item with the modification text; as many.</param>
    /// <param name="scores">Receives one score per gallery item, higher is better; as many. May be the memory of an input.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    void Fuse(ReadOnlySpan<float> imageScores, ReadOnlySpan<float> textScores, Span<float> scores);
}
