using ZeroShotCir.Evaluation.Ranking;

namespace ZeroShotCir.Tests.Ranking;

/// <summary>What is counted without scores is what comparing the scores counts, rounded as they are.</summary>
public sealed class CrossingsTests
{
    [Theory]
    [InlineData(1, 20, 1f)]
    [InlineData(31, 1, 1f)]
    [InlineData(32, 2, 1f)]
    [InlineData(33, 3, 1f)]
    [InlineData(300, 7, 1e-3f)]
    [InlineData(999, 100, 1f)]
    [InlineData(1000, 20, 1e-5f)]
    [InlineData(1001, 10, 1e-6f)]
    [InlineData(1003, 100, 2e-7f)]
    [InlineData(2048, 20, 0.05f)]
    public void Counts_and_what_is_left_are_those_of_the_scores(int items, int steps, float spread)
    {
        Random random = new(items);
        Crossings crossings = new();
        float[] betas = [.. Enumerable.Range(0, steps + 1).Select(i => (float)((double)i / steps))];
        foreach ((float image, float caption) target in new[] { (0.31f, -0.47f), (0.2f, 0.2f), (0f, 0f), (-1e-20f, 3e-20f), (1e4f, 2f), (0f, 1e37f), (0f, 1e36f) })
        {
            float size = Math.Max(Math.Abs(target.image), Math.Abs(target.caption)), scale = spread * (size > 0 ? size : 1);
            float[] images = Draw(random, items, target.image, scale), captions = Draw(random, items, target.caption, scale);
            if (items > 40)
            {
                // The target itself, an item as good at one end, and lines that run beside the target's.
                (images[5], captions[5]) = target;
                (images[6], captions[7]) = target;
                (images[8], captions[8]) = (target.image + scale, target.caption + scale);
                (images[9], captions[9]) = (target.image - scale, target.caption - scale);
            }

            int[] counts = new int[betas.Length];
            int[] left = crossings.Count(images, captions, target, WeightGrid.Find(betas)!, counts).ToArray();
            Assert.Equal(left.Distinct().Count(), left.Length);
            for (int i = 0; i < betas.Length; i++)
            {
                float threshold = Score(betas[i], target.image, target.caption);
                int above = Enumerable.Range(0, items).Except(left).Count(item => Score(betas[i], images[item], captions[item]) > threshold);
                int equal = Enumerable.Range(0, items).Except(left).Count(item => Score(betas[i], images[item], captions[item]) == threshold);
                Assert.Equal((above, 0), (counts[i], equal));
            }

            if (spread >= 0.05f && size < 1e36f)
            {
                // The three that are equal somewhere, and few more.
                Assert.InRange(left.Length, items > 40 ? 3 : 0, 4 + (items / 50));
            }
        }
    }

    [Theory]
    [InlineData(-1.7e38f, 1.75e38f, 0f, 1e37f)]
    [InlineData(3e38f, -3e38f, 1f, 2f)]
    [InlineData(1e38f, -1e38f, 2e38f, -2e38f)]
    public void Scores_whose_difference_may_overflow_are_left(float image, float caption, float targetImage, float targetCaption)
        => Assert.Equal([0], new Crossings().Count([image], [caption], (targetImage, targetCaption), WeightGrid.Find([0, 0.5f, 1])!, new int[3]).ToArray());

    [Fact]
    public void Lines_beside_the_targets_are_counted()
    {
        float[] images = [.. Enumerable.Range(0, 2_000).Select(i => 0.4f + (i / 10_000f))], captions = [.. images.Select(image => image - 0.25f)];
        int[] counts = new int[2];
        int[] left = new Crossings().Count(images, captions, (0.5f, 0.25f), WeightGrid.Find([0, 1])!, counts).ToArray();
        Assert.InRange(left.Length, 1, 10);
        Assert.InRange(counts[0], 999 - left.Length, 999);
        Assert.Equal(counts[0], counts[1]);
    }

    [Fact]
    public void What_is_no_number_is_left()
    {
        float[] images = [float.NaN, 1, float.PositiveInfinity, 0.5f], captions = [1, float.NaN, 1, float.NegativeInfinity];
        int[] counts = new int[3];
        Assert.Equal([0, 1, 2, 3], new Crossings().Count(images, captions, (0.1f, 0.2f), WeightGrid.Find([0, 0.5f, 1])!, counts).ToArray());
        Assert.Equal([0, 0, 0], counts);
        Assert.Equal([0], new Crossings().Count([1], [2], (float.NaN, 0.2f), WeightGrid.Find([0, 0.5f, 1])!, counts).ToArray());
        Assert.Equal([0, 0, 0], counts);
    }

    [Theory]
    [InlineData(20, 0f, 0.05f, 0.1f, 0.15f, 0.95f, 1f)]
    [InlineData(20, 0.1f, 0.25f)]
    [InlineData(3, 1f / 3, 2f / 3)]
    [InlineData(1, 0f, 1f)]
    [InlineData(100, 0.01f, 0.5f)]
    public void Weights_are_whole_steps_of_the_coarsest_grid(int steps, params float[] weights)
    {
        WeightGrid grid = WeightGrid.Find(weights)!;
        Assert.Equal(steps, grid.Steps);
        Assert.Equal(weights, grid.Places.Select(place => (float)((double)place / steps)));
    }

    [Fact]
    public void Weights_that_are_no_steps_have_no_grid()
    {
        Assert.Null(WeightGrid.Find([0.1234567f]));
        Assert.Null(WeightGrid.Find([0.5f, 0.005f]));
        Assert.Null(WeightGrid.Find([0.5f, 0.500001f]));
    }

    private static float Score(float beta, float image, float caption)
        => beta == 1 ? caption : MathF.FusedMultiplyAdd(beta, caption - image, image);

    private static float[] Draw(Random random, int count, float center, float spread)
        => [.. Enumerable.Range(0, count).Select(_ => center + (spread * ((2 * random.NextSingle()) - 1)))];
}
