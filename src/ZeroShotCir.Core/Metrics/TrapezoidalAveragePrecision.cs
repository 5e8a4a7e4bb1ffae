namespace ZeroShotCir.Metrics;

/// <summary>
/// Mean average precision over the whole ranking by trapezoids: <c>AP = Σ_j (p0 + p1)/2 / (answers + 1e-5)</c> with <c>p0 = j/r_j</c> (1 where
/// r_j = 0) and <c>p1 = (j+1)/(r_j+1)</c> for ranks r_j from 0, as i-CIR's published code computes it (<c>utils.py</c>, <c>compute_ap</c>).
/// </summary>
public sealed class TrapezoidalAveragePrecision : IRetrievalMetric
{
    // The published code's own, so that a query without right answers divides by something.
    private const double Guard = 1e-5;

    /// <inheritdoc/>
    public string Name => "mAP";

    /// <inheritdoc/>
    public bool IsPercentage => true;

    /// <inheritdoc/>
    public double Measure(in QueryRanks query)
    {
        double sum = 0;
        for (int found = 0; found < query.AnswerCount; found++)
        {
            int above = query.RankOfAnswer(found) - 1;
            double before = above == 0 ? 1 : (double)found / above;
            sum += (before + ((found + 1.0) / (above + 1))) / 2;
        }

        return sum / (query.AnswerCount + Guard);
    }
}
