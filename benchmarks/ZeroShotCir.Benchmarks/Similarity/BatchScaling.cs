using BenchmarkDotNet.Attributes;

namespace ZeroShotCir.Benchmarks.Similarity;

/// <summary>The cost of a call against the number of its queries.</summary>
public class BatchScaling : SearchScaling
{
    [Params(1, 4, 16, 64, 256)]
    public int Queries { get; set; }

    protected override int QueryCount => Queries;
}
