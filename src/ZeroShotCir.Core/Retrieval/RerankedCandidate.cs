namespace ZeroShotCir.Retrieval;

/// <summary>A candidate in its new place.</summary>
/// <remarks>Immutable.</remarks>
public sealed class RerankedCandidate
{
    /// <summary>Places a candidate.</summary>
    /// <param name="position">The position it had, from 0.</param>
    /// <param name="fit">How well it fits, from 0 to 1; <see langword="null"/> where only the order is known.</param>
    /// <param name="isJudged">Whether anything was said of it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The position is negative, or the fit is not in 0 to 1.</exception>
    public RerankedCandidate(int position, double? fit = null, bool isJudged = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        if (fit is not (null or (>= 0 and <= 1)))
        {
            throw new ArgumentOutOfRangeException(nameof(fit), fit, "How well an image fits must lie in 0 to 1.");
        }

        Position = position;
        Fit = fit;
        IsJudged = isJudged;
    }

    /// <summary>The position it had, from 0.</summary>
    public int Position { get; }

    /// <summary>How well it fits, from 0 to 1; <see langword="null"/> where only the order is known.</summary>
    public double? Fit { get; }

    /// <summary>Whether anything was said of it. One that was left out of an order stands behind the others, as retrieval had it.</summary>
    public bool IsJudged { get; }
}
