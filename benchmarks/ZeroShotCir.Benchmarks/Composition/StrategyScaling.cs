using System.Globalization;
using BenchmarkDotNet.Attributes;
using ZeroShotCir.Benchmarks.Similarity;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Benchmarks.Composition;

/// <summary>The cost of a search by each strategy against the number of pictures.</summary>
[MinColumn]
[MedianColumn]
public class StrategyScaling
{
    private const int Dimensions = 512;
    private ComposedImageRetriever _retriever = null!;
    private ComposedQuery _query = null!;

    /// <summary>The ordinary sum, and every strategy that costs more than one scan.</summary>
    public static string[] Names
        => [.. StrategyTable.All.Where(row => row.Name == "weighted" || row.Create() is RowStrategy || row.Cost.StartsWith('2')).Select(row => row.Name)];

    public static int[] Sizes => [.. ScalingRange.RowsOf(Dimensions).Where(rows => rows <= ScalingRange.UsualRows)];

    [ParamsSource(nameof(Names))]
    public string Strategy { get; set; } = "";

    [ParamsSource(nameof(Sizes))]
    public int Rows { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        string[] ids = [.. Enumerable.Range(0, Rows).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        EmbeddingMatrix corpus = RandomVectors.Unit(2 * Dimensions, Dimensions, seed: 4);
        Gallery gallery = Gallery.FromEmbeddings(ids, RandomVectors.Unit(Rows, Dimensions, seed: 1))
            .WithProjection(CorpusProjection.Create(corpus, null, new float[Dimensions], corpus.Slice(0, 100), corpus.Slice(100, 100)));
        RetrievalOptions options = new() { Beta = 0, Index = new ExactIndexOptions { MaxThreads = 1, Precision = SearchPrecision.Full } };
        _retriever = new ComposedImageRetriever(gallery, null, null, options);
        _query = StrategyCost.Query(Strategy, new Random(2), Dimensions);
    }

    [Benchmark(Description = "search")]
    public async Task<int> Search() => (await _retriever.SearchAsync(_query, 10)).Count;
}
