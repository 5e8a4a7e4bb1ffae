namespace ZeroShotCir.Metrics;

/// <summary>Convenience over the metrics of single queries.</summary>
public static class RetrievalMetricExtensions
{
    /// <summary>Measures every query.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="queries">The ranks of the right answers, one entry per query.</param>
    /// <returns>One value per query; what intervals and paired tests are computed from.</returns>
    public static double[] MeasureAll(this IRetrievalMetric metric, IReadOnlyList<QueryRanks> queries)
    {
        ArgumentNullException.ThrowIfNull(metric);
        ArgumentNullException.ThrowIfNull(queries);
        double[] values = new double[queries.Count];
        metric.MeasureAll(queries, values);
        return values;
    }

    internal static void MeasureAll(this IRetrievalMetric metric, IReadOnlyList<QueryRanks> queries, Span<double> values)
    {
        if (queries is QueryRanks[] array)
        {
            // A sweep measures hundreds of settings.
            for (int i = 0; i < array.Length; i++)
            {
                values[i] = metric.Measure(in array[i]);
            }

            return;
        }

        for (int i = 0; i < values.Length; i++)
        {
            values[i] = metric.Measure(queries[i]);
        }
    }
}
