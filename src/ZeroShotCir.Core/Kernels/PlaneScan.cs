namespace ZeroShotCir.Kernels;

/// <summary>The two steps of a scan of code planes, compiled for one instruction set.</summary>
internal abstract class PlaneScan
{
    /// <summary>Bounds rows by their coarse codes.</summary>
    /// <param name="range">The rows; begins with a whole tile.</param>
    /// <param name="query">The query.</param>
    /// <param name="product">The query's product with the mean of the rows.</param>
    /// <param name="margins">The parts of the margins that no row changes.</param>
    /// <param name="uppers">Receives an upper bound for each row, and what is never reached up to a whole tile.</param>
    /// <param name="scorer">The scorer that <paramref name="best"/> wants.</param>
    /// <param name="filter">Which rows may be returned.</param>
    /// <param name="best">Receives the rows of the largest estimates, as if these were their scores.</param>
    public abstract void Estimate(
        in ScanRange range, PlaneQuery query, float product, PlaneMargins margins, Span<float> uppers, RowScorer scorer, RowFilter filter, CandidateTable best);

    /// <summary>Bounds rows by both their codes, where the coarse ones could not rule them out, and collects those that may reach the threshold.</summary>
    /// <param name="range">The rows.</param>
    /// <param name="query">The query.</param>
    /// <param name="product">The query's product with the mean of the rows.</param>
    /// <param name="margins">The parts of the margins that no row changes.</param>
    /// <param name="uppers">What <see cref="Estimate"/> wrote.</param>
    /// <param name="scorer">Scores what bounds cannot tell apart.</param>
    /// <param name="filter">Which rows may be returned.</param>
    /// <param name="table">Receives the rows.</param>
    public abstract void Complete(
        in ScanRange range, PlaneQuery query, float product, PlaneMargins margins, ReadOnlySpan<float> uppers, RowScorer scorer, RowFilter filter, CandidateTable table);
}
