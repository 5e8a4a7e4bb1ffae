using ZeroShotCir.Similarity;

namespace ZeroShotCir.Tests.Similarity;

/// <summary>The best of a row are those of sorting it.</summary>
public sealed class BestHitsTests
{
    // Lengths around the width of a vector and around what is sorted out at once; few values, so that most scores tie.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(33)]
    [InlineData(1024)]
    [InlineData(1027)]
    [InlineData(2500)]
    [InlineData(5003)]
    public void The_best_are_those_of_sorting_all(int length)
    {
        Random random = new(length);
        foreach (int values in (int[])[1, 3, int.MaxValue])
        {
            foreach (int k in (int[])[1, 10, 1000, length - 1, length, length + 5])
            {
                float[] scores = [.. Enumerable.Range(0, length).Select(_ => Score(random, values))];
                int[] ordinals = [.. Enumerable.Range(0, length).Select(i => (3 * i) + 2)];
                int[] expected = [.. Enumerable.Range(0, length)
                    .OrderBy(i => float.IsNaN(scores[i])).ThenByDescending(i => scores[i]).ThenBy(i => i).Take(Math.Max(0, k))];

                SearchHit[] found = BestHits.Select(scores, k), mapped = BestHits.Select(scores, k, ordinals);

                Assert.Equal(expected, found.Select(hit => hit.Ordinal));
                Assert.Equal(expected.Select(i => scores[i]), found.Select(hit => hit.Score));
                Assert.Equal(expected.Select(i => (ordinals[i], scores[i])), mapped.Select(hit => (hit.Ordinal, hit.Score)));
            }
        }
    }

    [Fact]
    public void Ascending_and_descending_rows_and_rows_of_equals_are_selected_from()
    {
        float[] ascending = [.. Enumerable.Range(0, 50_000).Select(i => i / 7f)];
        Assert.Equal([49_999, 49_998, 49_997], BestHits.Select(ascending, 3).Select(hit => hit.Ordinal));
        Assert.Equal([0, 1, 2], BestHits.Select([.. ascending.Reverse()], 3).Select(hit => hit.Ordinal));
        Assert.Equal([0, 1, 2], BestHits.Select(new float[50_000], 3).Select(hit => hit.Ordinal));
        Assert.Equal([0, 1, 2], BestHits.Select([.. Enumerable.Range(0, 50_000).Select(i => i % 2 == 0 ? 0f : -0f)], 3).Select(hit => hit.Ordinal));
    }

    private static float Score(Random random, int values) => random.Next(40) switch
    {
        0 => float.NaN,
        1 => float.NegativeInfinity,
        2 => float.PositiveInfinity,
        3 => -0f,
        _ => (random.Next(values) - (values / 2)) / 8f,
    };
}
