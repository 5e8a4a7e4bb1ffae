using BenchmarkDotNet.Attributes;

namespace ZeroShotCir.Benchmarks.Similarity;

/// <summary>The cost of a search against the number of hits.</summary>
public class HitsScaling : SearchScaling
{
    [Params(1, 10, 100, 1000)]
    public int K { get; set; }

    protected override int HitCount => K;
}
