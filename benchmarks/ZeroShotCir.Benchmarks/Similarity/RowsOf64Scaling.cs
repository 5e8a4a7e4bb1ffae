using BenchmarkDotNet.Attributes;

namespace ZeroShotCir.Benchmarks.Similarity;

/// <summary>The cost of a search against the number of rows, on to ten millions: 64 components, of which so many rows take 2.6 GB.</summary>
public class RowsOf64Scaling : SearchScaling
{
    private const int Components = 64;

    public static int[] Sizes => ScalingRange.RowsOf(Components);

    [ParamsSource(nameof(Sizes))]
    public int Rows { get; set; }

    protected override int RowCount => Rows;

    protected override int DimensionCount => Components;
}
