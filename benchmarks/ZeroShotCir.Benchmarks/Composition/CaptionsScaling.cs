using System.Globalization;
using BenchmarkDotNet.Attributes;
using ZeroShotCir.Benchmarks.Similarity;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Benchmarks.Composition;

/// <summary>The cost of a composed search against the captions of each picture: folded into its row, or kept apart for a β that changes.</summary>
[MinColumn]
[MedianColumn]
public class CaptionsScaling
{
    private const int Dimensions = 512;
    private const double Beta = 0.1;
    private readonly ComposedQuery _query = StrategyCost.Query("weighted", new Random(2), Dimensions);
    private ComposedImageRetriever _folding = null!;
    private ComposedImageRetriever _apart = null!;

    [Params(0, 1, 2, 4)]
    public int Captions { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        int rows = ScalingRange.UsualRows;
        string[] ids = [.. Enumerable.Range(0, rows).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        CaptionEmbeddings? captions = Captions == 0
            ? null
            : CaptionEmbeddings.FromCounts(RandomVectors.Unit(rows * Captions, Dimensions, seed: 3), [.. Enumerable.Repeat(Captions, rows)]);
        Gallery gallery = Gallery.FromEmbeddings(ids, RandomVectors.Unit(rows, Dimensions, seed: 1), captions);
        ExactIndexOptions index = new() { MaxThreads = 1, Precision = SearchPrecision.Full };
        _folding = new ComposedImageRetriever(gallery, null, null, new RetrievalOptions { Beta = Beta, Index = index });
        _apart = new ComposedImageRetriever(gallery, null, null, new RetrievalOptions { Beta = 0, FoldOtherBetas = false, Index = index });
    }

    [Benchmark(Baseline = true, Description = "folded")]
    public async Task<int> Folded() => (await _folding.SearchAsync(_query, 50)).Count;

    [Benchmark(Description = "another β, not folded")]
    public async Task<int> Apart() => (await _apart.SearchAsync(_query with { Beta = Beta }, 50)).Count;
}
