using ZeroShotCir.Evaluation.Ranking;

namespace ZeroShotCir.Tests.Ranking;

/// <summary>What a sieve decides is so at every weight, rounded as scores are; what it keeps stays in order.</summary>
public sealed class SieveTests
{
    private static readonly float[] Betas = [.. Enumerable.Range(1, 199).Select(i => i / 200f), 1e-7f, 0.9999999f];

    [Theory]
    [InlineData(1, 1f)]
    [InlineData(7, 1f)]
    [InlineData(8, 3e-6f)]
    [InlineData(300, 1f)]
    [InlineData(1000, 1e-5f)]
    [InlineData(1001, 1e-6f)]
    [InlineData(1003, 2e-7f)]
    public void Decided_items_stay_on_their_side_at_every_weight(int items, float spread)
    {
        Random random = new(items);
        float targetImage = 0.31f, targetCaption = -0.47f;
        float[] images = Draw(random, items, targetImage, spread), captions = Draw(random, items, targetCaption, spread);
        float[] differences = [.. images.Zip(captions, (image, caption) => caption - image)];
        float[] keptImages = new float[items + Sieve.Overhang], keptDifferences = new float[items + Sieve.Overhang];
        int kept = Sieve.Around(targetImage, targetCaption, 1).Sift(images, captions, differences, keptImages, keptDifferences, out int above);

        List<(float, float)> changing = [];
        int alwaysAbove = 0;
        for (int i = 0; i < items; i++)
        {
            int[] signs = [.. Betas.Select(beta => Math.Sign(Score(beta, differences[i], images[i]) - Score(beta, targetCaption - targetImage, targetImage))).Distinct()];
            alwaysAbove += signs is [1] ? 1 : 0;
            if (signs is not ([1] or [-1]))
            {
                changing.Add((images[i], differences[i]));
            }
        }

        (float, float)[] left = [.. keptImages[..kept].Zip(keptDifferences[..kept])];
        Assert.All(changing, item => Assert.Contains(item, left));
        Assert.InRange(above, 0, alwaysAbove);
        int next = 0;
        foreach ((float, float) item in images.Zip(differences))
        {
            next += next < left.Length && item == left[next] ? 1 : 0;
        }

        Assert.Equal(left.Length, next);
        if (spread == 1)
        {
            // Nothing is near the threshold here, so nothing is kept without need.
            Assert.Equal(changing.Count, kept);
            Assert.Equal(alwaysAbove, above);
        }
    }

    private static float Score(float beta, float difference, float image) => MathF.FusedMultiplyAdd(beta, difference, image);

    private static float[] Draw(Random random, int count, float center, float spread)
        => [.. Enumerable.Range(0, count).Select(_ => Math.Clamp(center + (spread * ((2 * random.NextSingle()) - 1)), -1, 1))];
}
