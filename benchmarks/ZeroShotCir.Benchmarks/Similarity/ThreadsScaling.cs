using BenchmarkDotNet.Attributes;

namespace ZeroShotCir.Benchmarks.Similarity;

/// <summary>The cost of a search against the number of threads.</summary>
public class ThreadsScaling : SearchScaling
{
    /// <summary>Powers of two up to the number of processors.</summary>
    public static int[] Counts => [.. Enumerable.Range(0, 8).Select(power => 1 << power).Where(count => count <= Environment.ProcessorCount)];

    [ParamsSource(nameof(Counts))]
    public int Threads { get; set; }

    protected override int ThreadCount => Threads;
}
