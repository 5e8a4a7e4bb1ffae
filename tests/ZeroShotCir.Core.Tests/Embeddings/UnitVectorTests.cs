using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Tests.Embeddings;

/// <summary>Vectors come to length 1 wherever they are written.</summary>
public sealed class UnitVectorTests
{
    [Theory]
    [InlineData(1, 1f)]
    [InlineData(7, 1f)]
    [InlineData(35, 1e-6f)]
    [InlineData(768, 1e4f)]
    [InlineData(33, 1e-30f)]
    [InlineData(33, 1e30f)]
    public void A_vector_is_divided_by_its_length_in_place_and_elsewhere(int dimensions, float size)
    {
        Random random = new(dimensions);
        float[] vector = [.. Enumerable.Range(0, dimensions).Select(_ => size * (random.NextSingle() - 0.5f))], other = new float[dimensions + 3];
        double length = Math.Sqrt(vector.Sum(component => (double)component * component));
        double[] expected = [.. vector.Select(component => component / length)];
        UnitVector.Normalize(vector, other);
        UnitVector.Normalize(vector, vector);
        Assert.Equal(vector, other[..dimensions]);
        Assert.Equal([0, 0, 0], other[dimensions..]);
        for (int i = 0; i < dimensions; i++)
        {
            Assert.Equal(expected[i], vector[i], 1e-6);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(29)]
    [InlineData(512)]
    public void The_factor_is_that_of_the_sum_in_order_also_where_its_last_bit_decides(int dimensions)
    {
        Random random = new(dimensions);
        float[] unit = new float[dimensions];
        for (int round = 0; round < 2000; round++)
        {
            float[] vector = BetweenTwoFactors(random, dimensions);
            float factor = (float)(1 / UnitVector.Length(vector));
            UnitVector.Normalize(vector, unit);
            Assert.Equal(vector.Select(component => component * factor), unit);
        }
    }

    // A vector for whose length the reciprocal lies in the middle of two floats, or next to it.
    private static float[] BetweenTwoFactors(Random random, int dimensions)
    {
        float[] vector = [.. Enumerable.Range(0, dimensions).Select(i => i < 3 ? 0 : random.NextSingle() + 0.1f)];
        float above = (float)(0.99 / Math.Max(1, UnitVector.Length(vector)));
        double middle = (above + (double)MathF.BitDecrement(above)) / 2, left = 1 / (middle * middle);
        foreach (float component in vector)
        {
            left -= (double)component * component;
        }

        for (int i = 0; i < 3; i++)
        {
            vector[i] = MathF.BitDecrement((float)Math.Sqrt(Math.Max(0, left)));
            left -= (double)vector[i] * vector[i];
        }

        random.Shuffle(vector);
        return vector;
    }

    [Fact]
    public void What_cannot_be_written_is_refused()
    {
        float[] vector = [3, 4, 0, 0];
        Assert.ThrowsAny<ArgumentException>(() => UnitVector.Normalize(vector, new float[3]));
        Assert.Throws<ArgumentException>(() => UnitVector.Normalize(vector.AsSpan(0, 3), vector.AsSpan(1, 3)));
        Assert.Throws<InvalidEmbeddingException>(() => UnitVector.Normalize([1, float.NaN], new float[2]));
        Assert.Equal([3, 4, 0, 0], vector);
    }
}
