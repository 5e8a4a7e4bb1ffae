using BenchmarkDotNet.Attributes;

namespace ZeroShotCir.Benchmarks.Similarity;

/// <summary>The cost of a search against the number of rows, as many as one matrix holds of 512 components: a million.</summary>
public class RowsScaling : SearchScaling
{
    public static int[] Sizes => ScalingRange.RowsOf(512);

    [ParamsSource(nameof(Sizes))]
    public int Rows { get; set; }

    protected override int RowCount => Rows;
}
