using BenchmarkDotNet.Attributes;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Benchmarks.Similarity;

/// <summary>Two callers who ask one index at the same time, beside one caller; each search uses one thread.</summary>
[MemoryDiagnoser]
public class ConcurrentSearchBenchmark
{
    private const int K = 50;
    private readonly SearchHit[][] _hits = [new SearchHit[K], new SearchHit[K]];
    private EmbeddingMatrix _queries = null!;
    private ExactIndex _index = null!;
    private Action[] _callers = null!;

    [Params(SearchPrecision.Full, SearchPrecision.Certified)]
    public SearchPrecision Precision { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _queries = RandomVectors.Unit(2, 768, seed: 2);
        _index = new ExactIndex(RandomVectors.Unit(100_000, 768, seed: 1), new ExactIndexOptions { MaxThreads = 1, Precision = Precision });
        _callers = [() => Search(0), () => Search(1)];
    }

    [Benchmark(Baseline = true, Description = "one query")]
    public void One() => Search(0);

    [Benchmark(Description = "two queries at once")]
    public void Two() => Parallel.Invoke(_callers);

    private void Search(int caller) => _index.Search(_queries[caller], _hits[caller]);
}
