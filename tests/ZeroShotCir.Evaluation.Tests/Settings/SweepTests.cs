using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation.Settings;

namespace ZeroShotCir.Tests.Settings;

public sealed class SweepTests
{
    [Fact]
    public void A_range_has_both_ends_and_no_accumulated_rounding()
    {
        Assert.Equal([.. Enumerable.Range(0, 21).Select(i => Math.Round(i * 0.05, 2))], Sweep.ParseRange("0:1:0.05"));
        Assert.Equal([0.8], Sweep.ParseRange("0.8"));
        Assert.Equal([0, 0.3, 0.6, 0.9], Sweep.ParseRange("0:1:0.3"));
        Assert.Equal([0.2, 0.7], Sweep.ParseRange("0.2,0.7"));
    }

    [Theory]
    [InlineData("0:1")]
    [InlineData("0:1:0")]
    [InlineData("1:0:0.1")]
    [InlineData("0:1:x")]
    [InlineData("0:1:1e-9")]
    [InlineData("NaN")]
    public void A_range_that_cannot_be_read_is_refused(string text) => Assert.Throws<ArgumentException>(nameof(text), () => Sweep.ParseRange(text));

    [Fact]
    public void A_grid_varies_beta_fastest_and_fusions_without_alpha_appear_once()
    {
        IReadOnlyList<EvaluationSetting> grid = Sweep.Grid(
            new EvaluationSetting(), [0, 1], [0, 0.5, 1], [CompositionStrategy.Weighted, StrategyTable.Parse("product")]);
        Assert.Equal(9, grid.Count);
        Assert.Equal([0, 0.5, 1, 0, 0.5, 1], grid.Take(6).Select(setting => setting.Beta));
        Assert.Equal(3, grid.Count(setting => setting.Fusion.Name == "product"));
    }
}
