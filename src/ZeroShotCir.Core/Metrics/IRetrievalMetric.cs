namespace ZeroShotCir.Metrics;

/// <summary>Measures a ranking by the ranks of the right answers: a value for each query and one for all of them.</summary>
/// <remarks>Implementations are immutable and serve concurrent callers.</remarks>
public interface IRetrievalMetric
{
    /// <summary>The name under which results are reported, such as <c>R@10</c>.</summary>
    string Name { get; }

    /// <summary>Whether values lie in [0, 1] and are reported in percent.</summary>
    bool IsPercentage { get; }

    /// <summary>Measures one query.</summary>
    /// <param name="query">The ranks of its right answers.</param>
    /// <returns>The value; shares in [0, 1], not percent.</returns>
    double Measure(in QueryRanks query);

    /// <summary>Summarizes the values of all queries, by default as their mean.</summary>
    /// <param name="values">One value per query.</param>
    /// <returns>The summary; NaN without queries.</returns>
    double Summarize(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }
}
