using ZeroShotCir.Kernels;

namespace ZeroShotCir.Tests.Kernels;

public sealed class ReachingPlacesTests
{
    [Fact]
    public void Places_are_those_of_the_numbers_that_are_not_below_in_order()
    {
        Random random = new(3);
        for (int length = 0; length < 70; length++)
        {
            float[] values = [.. Enumerable.Range(0, length).Select(_ => random.Next(9) == 0 ? float.NaN : random.Next(-2, 3))];
            foreach (float threshold in new[] { float.NegativeInfinity, -1, 0, 2, 3, float.PositiveInfinity })
            {
                int[] places = new int[length + ReachingPlaces.Room];
                int found = ReachingPlaces.Find(values, threshold, 1_000, places);
                Assert.Equal(Enumerable.Range(0, length).Where(i => values[i] >= threshold).Select(i => 1_000 + i), places[..found]);
            }
        }
    }

    [Fact]
    public void Room_that_is_missing_is_refused_before_anything_is_written()
        => Assert.Throws<ArgumentOutOfRangeException>(() => ReachingPlaces.Find(new float[16], 0, 0, new int[16]));
}
