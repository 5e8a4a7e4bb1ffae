using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Benchmarks.Similarity;

/// <summary>The 50 best rows for one query, by one thread, beside a loop of <see cref="TensorPrimitives"/> that keeps the best in a heap.</summary>
[MemoryDiagnoser]
public class SearchBenchmark
{
    private const int K = 50;
    private readonly PriorityQueue<int, float> _best = new(K + 1);
    private readonly SearchHit[] _hits = new SearchHit[K];
    private EmbeddingMatrix _rows = null!;
    private EmbeddingMatrix _queries = null!;
    private ExactIndex _full = null!;
    private ExactIndex _certified = null!;
    private int _next;

    [Params("10000 x 512", "100000 x 768")]
    public string Shape { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        int[] shape = [.. Shape.Split(" x ").Select(int.Parse)];
        _rows = RandomVectors.Unit(shape[0], shape[1], seed: 1);
        _queries = RandomVectors.Unit(64, shape[1], seed: 2);
        _full = new ExactIndex(_rows, new ExactIndexOptions { MaxThreads = 1, Precision = SearchPrecision.Full });
        _certified = new ExactIndex(_rows, new ExactIndexOptions { MaxThreads = 1, Precision = SearchPrecision.Certified });
    }

    [Benchmark(Baseline = true, Description = "TensorPrimitives.Dot and a heap")]
    public int Loop()
    {
        ReadOnlySpan<float> query = NextQuery();
        _best.Clear();
        float worst = float.NegativeInfinity;
        for (int row = 0; row < _rows.Rows; row++)
        {
            float score = TensorPrimitives.Dot(query, _rows[row]);
            if (_best.Count < K)
            {
                _best.Enqueue(row, score);
            }
            else if (score > worst)
            {
                _best.EnqueueDequeue(row, score);
                _best.TryPeek(out _, out worst);
            }
        }

        return _best.Count;
    }

    [Benchmark(Description = "float32")]
    public int Full() => _full.Search(NextQuery(), _hits).Found;

    [Benchmark(Description = "certified int8")]
    public int Certified() => _certified.Search(NextQuery(), _hits).Found;

    private ReadOnlySpan<float> NextQuery() => _queries[_next++ & 63];
}
