using BenchmarkDotNet.Attributes;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Benchmarks.Similarity;

/// <summary>The 50 best of 100,000 × 768 rows for 1,024 queries at once, beside as many single searches.</summary>
[MemoryDiagnoser]
public class BatchSearchBenchmark
{
    private const int K = 50;
    private readonly SearchHit[] _hits = new SearchHit[1024 * K];
    private EmbeddingMatrix _queries = null!;
    private ExactIndex _full = null!;
    private ExactIndex _automatic = null!;

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        EmbeddingMatrix rows = RandomVectors.Unit(100_000, 768, seed: 1);
        _queries = RandomVectors.Unit(1024, 768, seed: 2);
        _full = new ExactIndex(rows, new ExactIndexOptions { MaxThreads = Threads, Precision = SearchPrecision.Full });
        _automatic = new ExactIndex(rows, new ExactIndexOptions { MaxThreads = Threads });
    }

    [Benchmark(Baseline = true)]
    public int OneByOne()
    {
        int found = 0;
        for (int query = 0; query < _queries.Rows; query++)
        {
            found += _full.Search(_queries[query], _hits.AsSpan(query * K, K)).Found;
        }

        return found;
    }

    [Benchmark(Description = "float32")]
    public int Full() => _full.SearchBatch(_queries, K, _hits).Found;

    [Benchmark(Description = "certified int16")]
    public int Certified() => _automatic.SearchBatch(_queries, K, _hits).Found;
}
