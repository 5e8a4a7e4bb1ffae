using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Tests.Composition;

public sealed class StrategyTableTests
{
    public static TheoryData<string> Names => [.. StrategyTable.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_row_says_what_it_is_and_reads_what_it_writes(string name)
    {
        StrategyDefinition row = StrategyTable.Find(name);
        CompositionStrategy strategy = StrategyTable.Parse(name);
        Assert.All([row.Summary, row.Formula, row.Source], text => Assert.False(string.IsNullOrWhiteSpace(text)));
        Assert.Same(row, strategy.Definition);
        Assert.Equal(strategy, StrategyTable.Parse(strategy.ToString()));
        Assert.Equal(strategy.WithAlpha(0.3), strategy.WithAlpha(0.9).WithAlpha(0.3));
        Assert.NotEqual(strategy, strategy.WithAlpha(0.3));
        Assert.All(row.OtherNames, other => Assert.Equal(strategy, StrategyTable.Parse(other)));
        Assert.Equal(row.Terms.Count, row.Terms.Select(term => term.Role).Distinct().Count());
        foreach (StrategyParameter parameter in row.Parameters)
        {
            Assert.Contains($"'{parameter.Name}=nothing'", Refusal($"{name}:{parameter.Name}=nothing"), StringComparison.Ordinal);
            Assert.Contains("out of range", Refusal($"{name}:{parameter.Name}=NaN"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("sum", "'sum' is not known; known are weighted")]
    [InlineData("weighted:alpha=1", "it has no parameters")]
    [InlineData("pdv:image", "a name of image, text")]
    [InlineData("late-cdf:ddof=2", "a number from 0 to 1")]
    public void What_cannot_be_read_is_refused(string text, string expected) => Assert.Contains(expected, Refusal(text), StringComparison.Ordinal);

    [Fact]
    public void A_strategy_refuses_what_it_does_not_read_and_asks_for_what_it_needs()
    {
        LinearStrategy weighted = (LinearStrategy)StrategyTable.Parse("weighted");
        TermSet terms = new TermSet(2).Add(TermRole.Image, [1, 0]).Add(TermRole.MustHave, [0, 1]);
        Assert.Contains(
            "role MustHave, which the strategy 'weighted' does not read", Assert.Throws<InvalidTermsException>(() => weighted.Compose(terms)).Message, StringComparison.Ordinal);
        LinearStrategy sdr = (LinearStrategy)StrategyTable.Parse("sdr");
        Assert.Contains(
            "needs a term of the role Text", Assert.Throws<InvalidTermsException>(() => sdr.Compose(new TermSet(2).Add(TermRole.Image, [1, 0]))).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidTermsException>(() => weighted.Compose(new TermSet(2)));
    }

    [Fact]
    public void Several_terms_of_a_role_are_their_signed_sum_and_what_cancels_out_is_refused()
    {
        LinearStrategy weighted = (LinearStrategy)StrategyTable.Parse("weighted");
        float[] query = weighted.Compose(new TermSet(2).Add(TermRole.Image, [5, 0], 3).Add(TermRole.Image, [0, 0.1f], -4));
        Assert.Equal(0.6f, query[0], 1e-6f);
        Assert.Equal(-0.8f, query[1], 1e-6f);
        TermSet nothing = new TermSet(2).Add(TermRole.Text, [1, 2]).Add(TermRole.Text, [2, 4], -1);
        Assert.Throws<InvalidEmbeddingException>(() => weighted.Compose(nothing));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TermSet(2).Add(TermRole.Text, [1, 2], 0));
        Assert.Throws<InvalidEmbeddingException>(() => new TermSet(2).Add(TermRole.Text, [1, float.NaN]));
    }

    [Fact]
    public void Opposite_halves_of_equal_weight_have_no_direction()
    {
        TermSet opposite = new TermSet(3).Add(TermRole.Image, [0.1f, -0.7f, 3]).Add(TermRole.Text, [-0.1f, 0.7f, -3]);
        foreach (string name in (string[])["weighted", "slerp", "late-linear", "arithmetic"])
        {
            LinearStrategy strategy = (LinearStrategy)StrategyTable.Parse(name).WithAlpha(0.5);
            Assert.Contains("no direction", Assert.Throws<InvalidEmbeddingException>(() => strategy.Compose(opposite)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Similarities_without_spread_say_nothing()
    {
        RowStrategy strategy = (RowStrategy)StrategyTable.Parse("late-cdf").WithAlpha(0.5);
        TermSet terms = new TermSet(1).Add(TermRole.Image, [1]).Add(TermRole.Text, [1]);
        float[] scores = strategy.Score(terms, new SimilarityRows([0.2f, 0.2f, 0.2f, 0.1f, 0.5f, 0.9f], [0, 3], 3));
        Assert.Equal(0.5f, scores[1], 1e-6f);
        Assert.True(scores[0] < scores[1] && scores[1] < scores[2]);
    }

    [Fact]
    public void The_cumulative_normal_distribution_is_exact_in_centre_and_tail()
    {
        // From tables of the error function to 15 digits.
        (double X, double Value)[] known =
        [
            (0, 0.5), (0.5, 0.691462461274013), (1, 0.841344746068543), (1.96, 0.975002104851780), (-1, 0.158655253931457),
            (-2.5, 0.00620966532577613), (-3, 0.00134989803163009), (-5, 2.86651571879194e-07), (4, 0.999968328758167),
        ];
        foreach ((double x, double value) in known)
        {
            Assert.Equal(value, NormalDistribution.Cumulative(x), Math.Max(1e-14 * value, 1e-16) + 5e-16);
        }
    }

    [Fact]
    public void The_cumulative_normal_distribution_is_that_of_its_series_in_decimal()
    {
        Random random = new(3);
        for (int i = 0; i < 2000; i++)
        {
            // A number that both represent exactly.
            int parts = random.Next(-5 << 20, 5 << 20);
            decimal power = parts / (decimal)(1 << 20), square = power * power / 2, sum = 0;
            for (int n = 0; n < 100; n++)
            {
                sum += power / ((2 * n) + 1);
                power *= -square / (n + 1);
            }

            Assert.Equal((double)(0.5m + (sum * 0.3989422804014326779399460599m)), NormalDistribution.Cumulative(parts / (double)(1 << 20)), 1e-15);
        }

        Assert.Equal((0, 1, 0.5), (NormalDistribution.Cumulative(-1e9), NormalDistribution.Cumulative(double.PositiveInfinity), NormalDistribution.Cumulative(0)));
    }

    [Fact]
    public void The_cumulative_normal_distribution_is_its_integral_far_out_in_both_tails()
    {
        Random random = new(7);
        foreach (double x in Enumerable.Range(0, 300).Select(_ => 2.5 + (6.6 * random.NextDouble())).Append(9).Append(8.9999).Order())
        {
            // 1 - Φ(x) = φ(x)·∫ exp(-x·t - t²/2) dt from 0, by Simpson's rule where the integrand is not nothing.
            const int Steps = 20_000;
            double end = 40 / x, sum = 0;
            for (int i = 0; i <= Steps; i++)
            {
                double t = end * i / Steps;
                sum += (i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp((-x * t) - (t * t / 2));
            }

            double tail = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) * sum * end / (3 * Steps);
            Assert.Equal(tail, NormalDistribution.Cumulative(-x), x < 9 ? 1e-11 * tail : 2e-19);
            Assert.Equal(1 - tail, NormalDistribution.Cumulative(x), 1e-15);
        }
    }

    private static string Refusal(string text) => Assert.Throws<ArgumentException>(nameof(text), () => StrategyTable.Parse(text)).Message;
}
