using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Metrics;

namespace ZeroShotCir.Evaluation.Results;

/// <summary>What one setting achieves on one data set or category.</summary>
public sealed class EvaluationResult
{
    internal EvaluationResult(
        string dataset,
        string? category,
        int queries,
        int gallery,
        EvaluationSetting setting,
        IReadOnlyDictionary<string, double> metrics,
        IReadOnlyDictionary<string, int> hits)
    {
        Dataset = dataset;
        Category = category;
        Queries = queries;
        Gallery = gallery;
        Setting = setting;
        Metrics = metrics;
        Hits = hits;
    }

    /// <summary>The label of the data set, such as <c>fashioniq-dress-val</c>.</summary>
    public string Dataset { get; }

    /// <summary>The FashionIQ category, the GeneCIS task, <c>average</c> over them, or <see langword="null"/>.</summary>
    public string? Category { get; }

    /// <summary>How many queries were evaluated.</summary>
    public int Queries { get; }

    /// <summary>How many images they were ranked among; for an average, of all categories together.</summary>
    public int Gallery { get; }

    /// <summary>The setting.</summary>
    public EvaluationSetting Setting { get; }

    /// <summary>The metrics by name, in the order of published tables; shares in percent at full precision.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; }

    /// <summary>For each recall, how many queries found their target.</summary>
    public IReadOnlyDictionary<string, int> Hits { get; }

    /// <summary>Which gallery the queries were ranked among.</summary>
    public GalleryProtocol GalleryProtocol { get; internal init; }

    /// <summary>CIRCO's mAP@10 in percent for the queries of each semantic aspect.</summary>
    /// <value>Empty, the default value, for other data sets.</value>
    public IReadOnlyDictionary<string, double> SemanticAveragePrecision { get; internal init; } = new Dictionary<string, double>();

    /// <summary>The ranks of each evaluated query's right answers, in the order of the annotation file.</summary>
    /// <value>Empty, the default value, for an average.</value>
    public IReadOnlyList<QueryRanks> Ranks { get; internal init; } = [];

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
