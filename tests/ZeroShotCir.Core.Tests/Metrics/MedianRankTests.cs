using ZeroShotCir.Metrics;

namespace ZeroShotCir.Tests.Metrics;

/// <summary>The median is that of the sorted values.</summary>
public sealed class MedianRankTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(500)]
    [InlineData(501)]
    public void The_middle_of_the_sorted_values(int count)
    {
        Random random = new(count);
        foreach (int most in new[] { 2, 40, 1_000_000 })
        {
            double[] values = [.. Enumerable.Range(0, count).Select(i => i % 50 == 7 ? QueryRanks.NotFound : (double)random.Next(1, most))];
            double[] sorted = [.. values.Order()];
            Assert.Equal((sorted[(count - 1) / 2] + sorted[count / 2]) / 2, new MedianRank().Summarize(values));
        }
    }

    [Fact]
    public void There_is_none_of_nothing_and_of_what_is_no_number()
    {
        Assert.Equal(double.NaN, new MedianRank().Summarize([]));
        Assert.Equal(double.NaN, new MedianRank().Summarize([1, double.NaN, 2]));
        Assert.Equal(0, new MedianRank().Summarize([double.PositiveInfinity, 0, double.NegativeInfinity]));
    }
}
