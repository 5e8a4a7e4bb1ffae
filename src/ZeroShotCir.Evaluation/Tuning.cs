using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Metrics;

namespace ZeroShotCir.Evaluation;

/// <summary>
/// The best of many settings, and what that is worth: a setting chosen by the queries that also judge it looks better than it is, so
/// every query is judged by what the others would have chosen (nested cross-validation).
/// </summary>
public sealed class Tuning
{
    private Tuning(
        EvaluationSetting chosen,
        ConfidenceInterval sameQueries,
        ConfidenceInterval nested,
        ConfidenceInterval baseline,
        ConfidenceInterval gain,
        IReadOnlyList<EvaluationSetting> folds)
    {
        Chosen = chosen;
        OnSameQueries = sameQueries;
        Nested = nested;
        Baseline = baseline;
        Gain = gain;
        ChosenByFolds = folds;
    }

    /// <summary>The setting that is best on all queries; of equals the first.</summary>
    public EvaluationSetting Chosen { get; }

    /// <summary>What it achieves on the queries that chose it, which flatters it.</summary>
    public ConfidenceInterval OnSameQueries { get; }

    /// <summary>What choosing achieves: each query judged by the setting that the other parts chose.</summary>
    public ConfidenceInterval Nested { get; }

    /// <summary>What the setting achieves that one would take without choosing.</summary>
    public ConfidenceInterval Baseline { get; }

    /// <summary>The difference of <see cref="Nested"/> and <see cref="Baseline"/>, paired by query.</summary>
    public ConfidenceInterval Gain { get; }

    /// <summary>What each part of the queries was judged by; where they differ, the queries do not tell the settings apart.</summary>
    public IReadOnlyList<EvaluationSetting> ChosenByFolds { get; }

    /// <summary>Chooses a setting.</summary>
    /// <param name="runners">The data set, or its categories, each counting the same.</param>
    /// <param name="candidates">The settings to choose from; at least one.</param>
    /// <param name="baseline">The setting that one would take without choosing.</param>
    /// <param name="metric">What is to be as large as possible.</param>
    /// <param name="options">How to choose; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Told the share of the work that is done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The choice.</returns>
    /// <exception cref="ArgumentException">There are no candidates, fewer queries than parts, or a setting needs what the features do not hold.</exception>
    public static Tuning Choose(
        IReadOnlyList<EvaluationRunner> runners,
        IReadOnlyList<EvaluationSetting> candidates,
        EvaluationSetting baseline,
        IRetrievalMetric metric,
        TuningOptions? options = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runners);
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(metric);
        options ??= new TuningOptions();
        if (candidates.Count == 0 || metric is MedianRank)
        {
            throw new ArgumentException("Choosing needs at least one candidate, and a metric that is larger for the better one.", nameof(candidates));
        }

        // Measured[category][setting][query]; the baseline is the last setting.
        EvaluationSetting[] measuredSettings = [.. candidates, baseline];
        double[][][] measured = [.. runners.Select(runner
            => runner.Evaluate(measuredSettings, progress, cancellationToken).Select(result => metric.MeasureAll(result.Ranks)).ToArray())];
        int[][] folds = Divide([.. measured.Select(category => category[0].Length)], options);
        double[][] held = [.. measured.Select(category => new double[category[0].Length])];
        List<EvaluationSetting> chosenByFolds = [];
        for (int fold = 0; fold < options.Folds; fold++)
        {
            int chosen = Best(measured, candidates.Count, (category, query) => folds[category][query] != fold, metric);
            chosenByFolds.Add(candidates[chosen]);
            for (int category = 0; category < held.Length; category++)
            {
                for (int query = 0; query < held[category].Length; query++)
                {
                    held[category][query] = folds[category][query] == fold ? measured[category][chosen][query] : held[category][query];
                }
            }
        }

        int best = Best(measured, candidates.Count, (_, _) => true, metric);
        double[][] Of(int setting) => [.. measured.Select(category => category[setting])];
        double[][] gains = [.. held.Zip(Of(candidates.Count), (with, without) => with.Zip(without, (x, y) => x - y).ToArray())];
        double unit = metric.IsPercentage ? 100 : 1;
        return new Tuning(
            candidates[best],
            MetricStatistics.Bootstrap(Of(best), metric.Summarize, unit, options.Statistics),
            MetricStatistics.Bootstrap(held, metric.Summarize, unit, options.Statistics),
            MetricStatistics.Bootstrap(Of(candidates.Count), metric.Summarize, unit, options.Statistics),
            MetricStatistics.Bootstrap(gains, metric.Summarize, unit, options.Statistics),
            chosenByFolds);
    }

    private static int Best(double[][][] measured, int candidates, Func<int, int, bool> keeps, IRetrievalMetric metric)
    {
        double[] scores = [.. Enumerable.Range(0, candidates).Select(setting => measured
            .Select((category, number) => metric.Summarize(category[setting].Where((_, query) => keeps(number, query)).ToArray()))
            .Average())];
        return Array.IndexOf(scores, scores.Max());
    }

    // Every part has as many queries of each category as the others, or one more.
    private static int[][] Divide(int[] queries, TuningOptions options)
    {
        if (queries.FirstOrDefault(count => count < options.Folds, -1) is >= 0 and var few)
        {
            throw new ArgumentException($"{few} queries cannot be divided in {options.Folds} parts. Take fewer parts or more queries.", nameof(options));
        }

        QueryDraw draw = new(options.Statistics.Seed);
        int[][] folds = new int[queries.Length][];
        for (int category = 0; category < queries.Length; category++)
        {
            folds[category] = [.. Enumerable.Range(0, queries[category]).Select(query => query % options.Folds)];
            for (int last = queries[category] - 1; last > 0; last--)
            {
                int other = draw.Next(last + 1);
                (folds[category][last], folds[category][other]) = (folds[category][other], folds[category][last]);
            }
        }

        return folds;
    }
}
