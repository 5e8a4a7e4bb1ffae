using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Metrics;

namespace ZeroShotCir.Evaluation.Statistics;

/// <summary>Says how sure a figure is, given how few queries a benchmark has.</summary>
/// <remarks>
/// <para>
/// Intervals are percentile bootstrap intervals over queries: queries are drawn with replacement, within each category where there are
/// several, the metric is computed anew, and the middle 95 % of its values are the interval (Efron and Tibshirani 1993). They cover the
/// choice of queries, not that of gallery or model.
/// </para>
/// <para>
/// Two settings are compared on the same queries: the interval of their difference draws queries for both at once. The p-value of a
/// recall is McNemar's exact test, the two-sided binomial probability of the wins among the queries that only one of the two finds.
/// Other metrics flip the sign of each query's difference at random and count how often the mean is as far from 0,
/// <c>p = (1 + count) / (1 + resamples)</c>. Where categories are averaged, wins and losses are those of all queries and a
/// difference is weighted as its category is.
/// </para>
/// </remarks>
public static class MetricStatistics
{
    /// <summary>Estimates a metric of one setting.</summary>
    /// <param name="results">The results of the setting: one, or one per category, whose mean is estimated.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="options">How to draw; <see langword="null"/> for the defaults.</param>
    /// <returns>The estimate, in percent for shares.</returns>
    /// <exception cref="ArgumentException">There are no results, or they carry no ranks.</exception>
    public static ConfidenceInterval Estimate(IReadOnlyList<EvaluationResult> results, IRetrievalMetric metric, StatisticsOptions? options = null)
        => Bootstrap(Strata(results, metric), metric.Summarize, metric.IsPercentage ? 100 : 1, options ?? new StatisticsOptions());

    /// <summary>Compares two settings query by query.</summary>
    /// <param name="first">The results of the first setting: one, or one per category.</param>
    /// <param name="second">Those of the second, of the same queries.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="options">How to draw; <see langword="null"/> for the defaults.</param>
    /// <returns>The comparison; a positive difference says that the second has the larger value, which for a rank is the worse one.</returns>
    /// <exception cref="ArgumentException">There are no results, they carry no ranks, or they are not of the same queries.</exception>
    public static PairedComparison Compare(
        IReadOnlyList<EvaluationResult> first, IReadOnlyList<EvaluationResult> second, IRetrievalMetric metric, StatisticsOptions? options = null)
    {
        options ??= new StatisticsOptions();
        double[][] before = Strata(first, metric);
        double[][] after = Strata(second, metric);
        if (first.Count != second.Count || first.Zip(second).Any(pair => pair.First.Dataset != pair.Second.Dataset || pair.First.Queries != pair.Second.Queries))
        {
            throw new ArgumentException("A paired comparison needs results of the same data sets and queries on both sides.", nameof(second));
        }

        double[][] differences = [.. before.Zip(after, (x, y) => x.Zip(y, (a, b) => b - a).ToArray())];
        bool smallerIsBetter = metric is MedianRank;
        int larger = differences.Sum(stratum => stratum.Count(difference => difference > 0));
        int smaller = differences.Sum(stratum => stratum.Count(difference => difference < 0));
        bool isHit = metric is RecallAtK or SubsetRecallAtK;
        return new PairedComparison(
            Bootstrap(differences, Mean, metric.IsPercentage ? 100 : 1, options),
            smallerIsBetter ? smaller : larger,
            smallerIsBetter ? larger : smaller,
            isHit ? BinomialTest(larger, smaller) : RandomizationTest(differences, options),
            isHit ? "McNemar exact" : "sign-flip randomisation");
    }

    /// <summary>The two-sided probability of a split at least as uneven if both sides were equally likely.</summary>
    internal static double BinomialTest(int wins, int losses)
    {
        int trials = wins + losses;
        double tail = 0;
        double logProbability = -trials * Math.Log(2);
        for (int k = 0; k <= Math.Min(wins, losses); k++)
        {
            tail += Math.Exp(logProbability);
            logProbability += Math.Log(trials - k) - Math.Log(k + 1);
        }

        return Math.Min(1, 2 * tail);
    }

    private static double RandomizationTest(double[][] strata, StatisticsOptions options)
    {
        double observed = Math.Abs(strata.Average(stratum => stratum.Average()));
        QueryDraw draw = new(options.Seed);
        int asFar = 0;
        for (int i = 0; i < options.Resamples; i++)
        {
            double mean = 0;
            foreach (double[] stratum in strata)
            {
                double sum = 0;
                ulong bits = 0;
                for (int query = 0; query < stratum.Length; query++)
                {
                    bits = query % 64 == 0 ? draw.NextBits() : bits >> 1;
                    sum += (bits & 1) == 0 ? stratum[query] : -stratum[query];
                }

                mean += sum / stratum.Length / strata.Length;
            }

            // Sums in another order differ in the last bits, and equal must count as equal.
            asFar += Math.Abs(mean) >= observed - 1e-12 ? 1 : 0;
        }

        return (1.0 + asFar) / (1.0 + options.Resamples);
    }

    internal static ConfidenceInterval Bootstrap(double[][] strata, Summary summarize, double unit, StatisticsOptions options)
    {
        QueryDraw draw = new(options.Seed);
        double[][] samples = [.. strata.Select(stratum => new double[stratum.Length])];
        double[] values = new double[options.Resamples];
        for (int i = 0; i < values.Length; i++)
        {
            for (int s = 0; s < strata.Length; s++)
            {
                double[] stratum = strata[s];
                double[] sample = samples[s];
                for (int query = 0; query < sample.Length; query++)
                {
                    sample[query] = stratum[draw.Next(stratum.Length)];
                }

                values[i] += summarize(sample) / strata.Length;
            }
        }

        Array.Sort(values);
        return new ConfidenceInterval(strata.Average(stratum => summarize(stratum)) * unit, Quantile(values, 0.025) * unit, Quantile(values, 0.975) * unit);
    }

    internal static double Quantile(double[] sorted, double share)
    {
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        return sorted[below] + ((position - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]));
    }

    private static double[][] Strata(IReadOnlyList<EvaluationResult> results, IRetrievalMetric metric)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(metric);
        return results.Count > 0 && results.All(result => result.Ranks.Count > 0)
            ? [.. results.Select(result => metric.MeasureAll(result.Ranks))]
            : throw new ArgumentException("Statistics need at least one result with the ranks of its queries; an average has none, give its parts.", nameof(results));
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }

    internal delegate double Summary(ReadOnlySpan<double> values);
}
