using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Metrics;

namespace ZeroShotCir.Tests.Statistics;

public sealed class MetricStatisticsTests
{
    private static readonly RecallAtK RecallAt1 = new(1);

    [Fact]
    public void The_interval_of_a_share_is_near_the_normal_one()
    {
        // 100 of 400: 25 % ± 1.96·sqrt(.25·.75/400) = ±4.24 points.
        ConfidenceInterval interval = MetricStatistics.Estimate([Result(Enumerable.Range(0, 400).Select(i => i % 4 == 0 ? 1 : 9))], RecallAt1);
        Assert.Equal(25, interval.Estimate);
        Assert.Equal(20.76, interval.Lower, 0.6);
        Assert.Equal(29.24, interval.Upper, 0.6);
    }

    [Fact]
    public void The_same_seed_gives_the_same_interval_and_another_seed_another()
    {
        EvaluationResult[] results = [Result(Enumerable.Range(1, 60))];
        MeanReciprocalRank metric = new();
        Assert.Equal(MetricStatistics.Estimate(results, metric), MetricStatistics.Estimate(results, metric));
        Assert.NotEqual(MetricStatistics.Estimate(results, metric), MetricStatistics.Estimate(results, metric, new StatisticsOptions { Seed = 1 }));
    }

    [Fact]
    public void Categories_count_the_same_whatever_their_size()
    {
        ConfidenceInterval interval = MetricStatistics.Estimate([Result([1, 1]), Result(Enumerable.Repeat(9, 100))], RecallAt1);
        Assert.Equal(50, interval.Estimate);
        Assert.Equal(50, interval.Lower);
        Assert.Equal(50, interval.Upper);
    }

    // Two-sided binomial probabilities, from tables.
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(5, 5, 1)]
    [InlineData(1, 8, 0.0390625)]
    [InlineData(10, 2, 0.03857421875)]
    [InlineData(0, 6, 0.03125)]
    public void The_exact_test_gives_the_binomial_probability(int wins, int losses, double probability)
        => Assert.Equal(probability, MetricStatistics.BinomialTest(wins, losses), 1e-12);

    [Fact]
    public void The_exact_test_survives_thousands_of_queries()
    {
        Assert.InRange(MetricStatistics.BinomialTest(2500, 1500), 1e-60, 1e-50);
        Assert.Equal(1, MetricStatistics.BinomialTest(2000, 2000));
    }

    [Fact]
    public void A_paired_comparison_counts_wins_and_losses()
    {
        EvaluationResult first = Result([1, 1, 5, 5, 5, 5, 5, 5, 1, 1]);
        EvaluationResult second = Result([1, 5, 1, 1, 1, 1, 1, 1, 1, 1]);
        PairedComparison comparison = MetricStatistics.Compare([first], [second], RecallAt1);
        Assert.Equal((6, 1), (comparison.Wins, comparison.Losses));
        Assert.Equal(50, comparison.Difference.Estimate, 1e-9);
        Assert.Equal(0.125, comparison.PValue, 1e-12);
        Assert.Equal("McNemar exact", comparison.Test);
    }

    [Fact]
    public void A_smaller_rank_wins_although_its_difference_is_negative()
    {
        PairedComparison comparison = MetricStatistics.Compare([Result([9, 9, 9, 3])], [Result([1, 1, 1, 4])], new MedianRank());
        Assert.Equal((3, 1), (comparison.Wins, comparison.Losses));
        Assert.True(comparison.Difference.Estimate < 0);
    }

    [Fact]
    public void Equal_settings_do_not_differ()
    {
        EvaluationResult result = Result(Enumerable.Range(1, 50));
        PairedComparison comparison = MetricStatistics.Compare([result], [result], new MeanReciprocalRank());
        Assert.Equal(1, comparison.PValue);
        Assert.Equal(new ConfidenceInterval(0, 0, 0), comparison.Difference);
    }

    [Fact]
    public void A_clear_difference_of_means_is_found_by_flipping_signs()
    {
        PairedComparison comparison = MetricStatistics.Compare(
            [Result(Enumerable.Repeat(4, 40))], [Result(Enumerable.Repeat(2, 40))], new MeanReciprocalRank(), new StatisticsOptions { Resamples = 999 });
        Assert.Equal(0.001, comparison.PValue, 1e-12);
        Assert.Equal(0.25, comparison.Difference.Estimate, 1e-12);
    }

    [Fact]
    public void Results_of_other_queries_cannot_be_paired()
    {
        Assert.Throws<ArgumentException>("second", () => MetricStatistics.Compare([Result([1])], [Result([1, 2])], RecallAt1));
        Assert.Throws<ArgumentException>("results", () => MetricStatistics.Estimate([], RecallAt1));
    }

    [Fact]
    public void A_table_tests_every_row_against_the_first()
    {
        EvaluationResult first = Result([1, 1, 9, 9]);
        EvaluationResult second = Result([1, 9, 9, 9]);
        ComparisonTable table = ComparisonTable.Create("fashioniq", [new("a", [first]), new("b", [second]), new("a again", [first])]);
        Assert.Empty(table.Rows[0].AgainstFirst);
        Assert.Equal(-25, table.Rows[1].AgainstFirst["R@1"].Difference.Estimate);
        Assert.Equal(0, table.Rows[2].AgainstFirst["R@1"].Difference.Estimate);
        Assert.Contains("R@50", table.Metrics);
        Assert.Equal(50, table.Rows[0].Estimates["R@1"].Estimate);
    }

    private static EvaluationResult Result(IEnumerable<int> ranks)
    {
        QueryRanks[] queries = [.. ranks.Select(rank => new QueryRanks(rank))];
        return new EvaluationResult("test", null, queries.Length, 100, new EvaluationSetting(), new Dictionary<string, double>(), new Dictionary<string, int>())
        {
            Ranks = queries,
        };
    }
}
