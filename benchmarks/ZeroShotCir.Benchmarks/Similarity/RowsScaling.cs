using BenchmarkDotNet.Attributes;

namespace ZeroShotCir.Benchmarks.Similarity;

/// <summary>The cost of a search against the number of rows.</summary>
public class RowsScaling : SearchScaling
{
    public static int[] Sizes => ScalingRange.Rows;

    [ParamsSource(nameof(Sizes))]
    public int Rows { get; set; }

    protected override int RowCount => Rows;
}
