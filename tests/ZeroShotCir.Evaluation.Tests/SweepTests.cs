using ZeroShotCir.Evaluation;

namespace ZeroShotCir.Tests;

public sealed class SweepTests
{
    [Fact]
    public void A_range_has_both_ends_and_no_accumulated_rounding()
    {
        Assert.Equal([.. Enumerable.Range(0, 21).Select(i => Math.Round(i * 0.05, 2))], Sweep.Range("0:1:0.05"));
        Assert.Equal([0.8], Sweep.Range("0.8"));
        Assert.Equal([0, 0.3, 0.6, 0.9], Sweep.Range("0:1:0.3"));
        Assert.Equal([0.2, 0.7], Sweep.Range("0.2,0.7"));
    }

    [Theory]
    [InlineData("0:1")]
    [InlineData("0:1:0")]
    [InlineData("1:0:0.1")]
    [InlineData("0:1:x")]
    [InlineData("0:1:1e-9")]
    [InlineData("NaN")]
    public void A_range_that_cannot_be_read_is_refused(string text) => Assert.Throws<ArgumentException>(nameof(text), () => Sweep.Range(text));

    [Fact]
    public void A_grid_varies_beta_fastest_and_fusions_without_alpha_appear_once()
    {
        IReadOnlyList<EvaluationSetting> grid = Sweep.Grid(
            new EvaluationSetting(), [0, 1], [0, 0.5, 1], [FusionStrategy.Weighted, FusionStrategy.Parse("product")]);
        Assert.Equal(9, grid.Count);
        Assert.Equal([0, 0.5, 1, 0, 0.5, 1], grid.Take(6).Select(setting => setting.Beta));
        Assert.Equal(3, grid.Count(setting => setting.Fusion.Name == "product"));
    }

    [Theory]
    [InlineData("weighted")]
    [InlineData("late-cdf:ddof=0")]
    [InlineData("pdv:image=1.2,text=1.4")]
    public void A_strategy_reads_what_it_writes(string text)
    {
        FusionStrategy strategy = FusionStrategy.Parse(text);
        Assert.Equal(text, strategy.ToString());
        Assert.Equal(strategy, FusionStrategy.Parse(strategy.ToString()));
    }

    [Theory]
    [InlineData("sum")]
    [InlineData("weighted:alpha=1")]
    [InlineData("pdv:image=x")]
    [InlineData("pdv:image")]
    public void A_strategy_that_cannot_be_read_is_refused(string text) => Assert.Throws<ArgumentException>(nameof(text), () => FusionStrategy.Parse(text));
}
