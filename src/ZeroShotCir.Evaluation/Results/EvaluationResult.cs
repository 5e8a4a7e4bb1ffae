using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Metrics;

namespace ZeroShotCir.Evaluation.Results;

/// <summary>What one setting achieves on one data set or category.</summary>
/// <param name="Dataset">The label of the data set, such as <c>fashioniq-dress-val</c>.</param>
/// <param name="Category">The FashionIQ category, the GeneCIS task, <c>average</c> over them, or <see langword="null"/>.</param>
/// <param name="Queries">How many queries were evaluated.</param>
/// <param name="Gallery">How many images they were ranked among; for an average, of all categories together.</param>
/// <param name="Setting">The setting.</param>
/// <param name="Metrics">The metrics by name, in the order of published tables; shares in percent at full precision.</param>
/// <param name="Hits">For each recall, how many queries found their target.</param>
public sealed record EvaluationResult(
    string Dataset,
    string? Category,
    int Queries,
    int Gallery,
    EvaluationSetting Setting,
    IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyDictionary<string, int> Hits)
{
    /// <summary>Which gallery the queries were ranked among.</summary>
    public GalleryProtocol GalleryProtocol { get; init; }

    /// <summary>CIRCO's mAP@10 in percent for the queries of each semantic aspect.</summary>
    /// <value>Empty, the default value, for other data sets.</value>
    public IReadOnlyDictionary<string, double> SemanticAveragePrecision { get; init; } = new Dictionary<string, double>();

    /// <summary>The ranks of each evaluated query's right answers, in the order of the annotation file.</summary>
    /// <value>Empty, the default value, for an average.</value>
    public IReadOnlyList<QueryRanks> Ranks { get; init; } = [];

    /// <summary>The mean over categories, each counting the same, as FashionIQ and GeneCIS are reported.</summary>
    /// <param name="results">One result per category, all of one setting; at least one.</param>
    /// <returns>The average; its hits are sums.</returns>
    /// <exception cref="ArgumentException">There are no results, or settings differ.</exception>
    public static EvaluationResult Average(IReadOnlyList<EvaluationResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        if (results.Count == 0 || results.Any(result => result.Setting != results[0].Setting))
        {
            throw new ArgumentException("An average needs at least one result, and all of one setting.", nameof(results));
        }

        EvaluationResult first = results[0];
        return new EvaluationResult(
            first.Category is { } category ? first.Dataset.Replace($"-{category}", string.Empty, StringComparison.Ordinal) : first.Dataset,
            "average",
            results.Sum(result => result.Queries),
            results.Sum(result => result.Gallery),
            first.Setting,
            first.Metrics.Keys.ToDictionary(name => name, name => results.Average(result => result.Metrics[name])),
            first.Hits.Keys.ToDictionary(name => name, name => results.Sum(result => result.Hits[name])))
        {
            GalleryProtocol = first.GalleryProtocol,
        };
    }
}
