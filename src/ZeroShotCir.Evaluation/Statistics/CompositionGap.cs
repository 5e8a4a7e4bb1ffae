using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Metrics;

namespace ZeroShotCir.Evaluation.Statistics;

/// <summary>
/// How much a retriever gains by reading both halves of its queries: R@10 with both less the better of text and image alone, in points
/// (CIRCUS, arXiv 2605.14787). A benchmark that one half solves says little about composition, however high its recall.
/// </summary>
/// <remarks>
/// A query is solved where any right answer is among the first ten. The interval is that of a paired bootstrap over queries, which takes
/// the better half anew in each draw; categories are drawn apart and averaged.
/// </remarks>
public sealed class CompositionGap
{
    internal const string Explanation = "The composition gap is R@10 of any right answer less the better of text and image alone, in points; an interval that holds 0 is noise.";

    /// <summary>How many items are looked at.</summary>
    public const int Depth = 10;

    private CompositionGap(double both, double textOnly, double imageOnly, ConfidenceInterval gap)
    {
        Both = both;
        TextOnly = textOnly;
        ImageOnly = imageOnly;
        Gap = gap;
    }

    /// <summary>The share of queries solved with both halves, in percent.</summary>
    public double Both { get; }

    /// <summary>The share solved with the text alone, in percent.</summary>
    public double TextOnly { get; }

    /// <summary>The share solved with the image alone, in percent.</summary>
    public double ImageOnly { get; }

    /// <summary>The gap in points, with its interval.</summary>
    public ConfidenceInterval Gap { get; }

    /// <summary>Whether the interval holds 0: these queries cannot tell whether both halves are better than one.</summary>
    public bool IsWithinNoise => Gap.Lower <= 0 && Gap.Upper >= 0;

    /// <summary>The setting that reads the text alone, as plain cosines whatever the strategy: α 1, β 0.</summary>
    /// <param name="setting">The setting whose gap is measured.</param>
    /// <returns>The setting.</returns>
    public static EvaluationSetting TextAlone(EvaluationSetting setting) => Alone(setting, 1);

    /// <summary>The setting that reads the image alone, as plain cosines whatever the strategy: α 0, β 0.</summary>
    /// <param name="setting">The setting whose gap is measured.</param>
    /// <returns>The setting.</returns>
    public static EvaluationSetting ImageAlone(EvaluationSetting setting) => Alone(setting, 0);

    /// <summary>Measures the gap.</summary>
    /// <param name="both">The results of a setting: one, or one per category.</param>
    /// <param name="textOnly">Those of <see cref="TextAlone"/> on the same queries.</param>
    /// <param name="imageOnly">Those of <see cref="ImageAlone"/> on the same queries.</param>
    /// <param name="options">How to draw; <see langword="null"/> for the defaults.</param>
    /// <returns>The gap.</returns>
    /// <exception cref="ArgumentException">There are no results, they carry no ranks, or they are not of the same queries.</exception>
    public static CompositionGap Measure(
        IReadOnlyList<EvaluationResult> both, IReadOnlyList<EvaluationResult> textOnly, IReadOnlyList<EvaluationResult> imageOnly, StatisticsOptions? options = null)
    {
        bool[][][] solved = [Solved(both, nameof(both)), Solved(textOnly, nameof(textOnly)), Solved(imageOnly, nameof(imageOnly))];
        if (solved[1..].Any(half => half.Length != solved[0].Length || half.Zip(solved[0]).Any(pair => pair.First.Length != pair.Second.Length)))
        {
            throw new ArgumentException("The composition gap needs results of the same queries with both halves, with the text and with the image alone.", nameof(textOnly));
        }

        double[] shares = [.. solved.Select(half => half.Average(stratum => Share(stratum)))];
        return new CompositionGap(shares[0], shares[1], shares[2], Bootstrap(solved, shares[0] - Math.Max(shares[1], shares[2]), options ?? new StatisticsOptions()));
    }

    /// <summary>Whether any right answer of a query is among the first ten.</summary>
    /// <param name="ranks">The ranks of its right answers.</param>
    public static bool IsSolved(QueryRanks ranks) => ranks.Best <= Depth;

    private static EvaluationSetting Alone(EvaluationSetting setting, double alpha)
    {
        ArgumentNullException.ThrowIfNull(setting);
        return setting with { Fusion = Composition.CompositionStrategy.Weighted, Alpha = alpha, Beta = 0 };
    }

    private static bool[][] Solved(IReadOnlyList<EvaluationResult> results, string name)
    {
        ArgumentNullException.ThrowIfNull(results, name);
        return results.Count > 0 && results.All(result => result.Ranks.Count > 0)
            ? [.. results.Select(result => result.Ranks.Select(IsSolved).ToArray())]
            : throw new ArgumentException("The composition gap needs at least one result with the ranks of its queries; an average has none, give its parts.", name);
    }

    private static double Share(bool[] solved) => 100.0 * solved.Count(hit => hit) / solved.Length;

    private static ConfidenceInterval Bootstrap(bool[][][] solved, double gap, StatisticsOptions options)
    {
        QueryDraw draw = new(options.Seed);
        double[] gaps = new double[options.Resamples];
        Span<double> shares = stackalloc double[3];
        Span<int> hits = stackalloc int[3];
        for (int i = 0; i < gaps.Length; i++)
        {
            shares.Clear();
            for (int stratum = 0; stratum < solved[0].Length; stratum++)
            {
                int queries = solved[0][stratum].Length;
                hits.Clear();
                for (int drawn = 0; drawn < queries; drawn++)
                {
                    int query = draw.Next(queries);
                    for (int half = 0; half < hits.Length; half++)
                    {
                        hits[half] += solved[half][stratum][query] ? 1 : 0;
                    }
                }

                for (int half = 0; half < hits.Length; half++)
                {
                    shares[half] += 100.0 * hits[half] / queries / solved[0].Length;
                }
            }

            gaps[i] = shares[0] - Math.Max(shares[1], shares[2]);
        }

        Array.Sort(gaps);
        return new ConfidenceInterval(gap, MetricStatistics.Quantile(gaps, 0.025), MetricStatistics.Quantile(gaps, 0.975));
    }
}
