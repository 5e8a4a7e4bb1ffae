using BenchmarkDotNet.Attributes;

namespace ZeroShotCir.Benchmarks.Similarity;

/// <summary>The cost of a search against the number of components.</summary>
public class DimensionsScaling : SearchScaling
{
    [Params(64, 128, 256, 512, 1024)]
    public int Dimensions { get; set; }

    protected override int DimensionCount => Dimensions;
}
