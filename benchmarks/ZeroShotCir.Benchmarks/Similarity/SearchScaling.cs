using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Benchmarks.Similarity;

/// <summary>What an exact search costs while one thing grows and all else stays: 100,000 × 512, k 50, one query, one thread. peers/curves.py draws it.</summary>
[MinColumn]
[MedianColumn]
public abstract class SearchScaling
{
    private readonly PriorityQueue<int, float> _best = new();
    private SearchHit[] _hits = [];
    private EmbeddingMatrix _rows = null!;
    private EmbeddingMatrix _queries = null!;
    private ExactIndex _full = null!;
    private ExactIndex _certified = null!;
    private int _next;

    protected virtual int RowCount => ScalingRange.UsualRows;

    protected virtual int DimensionCount => 512;

    protected virtual int HitCount => 50;

    protected virtual int ThreadCount => 1;

    /// <summary>How many queries a call has; a time is that of the whole call.</summary>
    protected virtual int QueryCount => 1;

    [GlobalSetup]
    public void Setup()
    {
        _rows = RandomVectors.Unit(RowCount, DimensionCount, seed: 1);
        _queries = RandomVectors.Unit(Math.Max(64, QueryCount), DimensionCount, seed: 2);
        _hits = new SearchHit[QueryCount * HitCount];
        _full = new ExactIndex(_rows, new ExactIndexOptions { MaxThreads = ThreadCount, Precision = SearchPrecision.Full });
        _certified = new ExactIndex(_rows, new ExactIndexOptions { MaxThreads = ThreadCount, Precision = SearchPrecision.Certified });
    }

    /// <summary>One thread and one query after the other, whatever grows.</summary>
    [Benchmark(Baseline = true, Description = "TensorPrimitives")]
    public int Loop()
    {
        for (int query = 0; query < QueryCount; query++)
        {
            _best.Clear();
            ReadOnlySpan<float> vector = NextQuery();
            float worst = float.NegativeInfinity;
            for (int row = 0; row < _rows.Rows; row++)
            {
                float score = TensorPrimitives.Dot(vector, _rows[row]);
                if (_best.Count < HitCount)
                {
                    _best.Enqueue(row, score);
                    _best.TryPeek(out _, out worst);
                }
                else if (score > worst)
                {
                    _best.EnqueueDequeue(row, score);
                    _best.TryPeek(out _, out worst);
                }
            }
        }

        return _best.Count;
    }

    [Benchmark(Description = "float32")]
    public int Full() => Search(_full);

    [Benchmark(Description = "certified")]
    public int Certified() => Search(_certified);

    private int Search(ExactIndex index)
        => QueryCount == 1 ? index.Search(NextQuery(), _hits).Found : index.SearchBatch(_queries.Slice(0, QueryCount), HitCount, _hits).Found;

    private ReadOnlySpan<float> NextQuery() => _queries[_next++ & 63];
}
