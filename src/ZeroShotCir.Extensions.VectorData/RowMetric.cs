using Microsoft.Extensions.VectorData;
using ZeroShotCir.Composition;

namespace ZeroShotCir.Extensions.VectorData;

/// <summary>
/// How folded rows, which are not of unit length, are written for a metric so that it ranks them by their inner product, and which inner
/// product a score stands for.
/// </summary>
internal sealed class RowMetric
{
    private static readonly RowMetric[] All =
    [
        new(DistanceFunction.DotProductSimilarity, false, (score, _) => score),
        new(DistanceFunction.NegativeDotProductSimilarity, false, (score, _) => -score),
        new(DistanceFunction.CosineSimilarity, true, (score, length) => score * length),
        new(DistanceFunction.CosineDistance, true, (score, length) => (1 - score) * length),
        new(DistanceFunction.EuclideanDistance, true, (score, length) => ((length * length) + 1 - (score * score)) / 2),
        new(DistanceFunction.EuclideanSquaredDistance, true, (score, length) => ((length * length) + 1 - score) / 2),
    ];

    private readonly Func<double, double, double> _innerProduct;

    private RowMetric(string name, bool isWidened, Func<double, double, double> innerProduct)
    {
        Name = name;
        IsWidened = isWidened;
        _innerProduct = innerProduct;
    }

    public string Name { get; }

    /// <summary>Whether rows get the component that gives them unit length.</summary>
    public bool IsWidened { get; }

    public static RowMetric Parse(string name) => All.FirstOrDefault(metric => metric.Name == name)
        ?? throw new ArgumentException(
            $"'{name}' cannot rank folded rows by their inner product. Expected one of {string.Join(", ", All.Select(metric => metric.Name))}.", nameof(name));

    public int Width(int dimensions) => dimensions + (IsWidened ? 1 : 0);

    public ReadOnlyMemory<float> Row(ReadOnlyMemory<float> folded) => IsWidened ? (float[])[.. folded.Span, Folding.CosineComponent(folded.Span)] : folded;

    public ReadOnlyMemory<float> Query(ReadOnlyMemory<float> query) => IsWidened ? (float[])[.. query.Span, 0f] : query;

    /// <param name="score">What the collection says.</param>
    /// <param name="queryLength">The length of the query.</param>
    public double InnerProduct(double score, double queryLength) => _innerProduct(score, queryLength);
}
