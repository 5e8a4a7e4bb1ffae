namespace ZeroShotCir.Metrics;

/// <summary>Mean average precision over the whole ranking: <c>AP = mean over right answers of (answers so far)/(rank)</c>.</summary>
public sealed class AveragePrecision : IRetrievalMetric
{
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
            sum += (found + 1.0) / query.RankOfAnswer(found);
        }

        return query.AnswerCount == 0 ? 0 : sum / query.AnswerCount;
    }
}
