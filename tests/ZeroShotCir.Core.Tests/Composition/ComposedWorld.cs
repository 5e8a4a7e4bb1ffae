using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Tests.Composition;

/// <summary>Scores a strategy over a handful of gallery rows by inner products in double: the independent way to what an index finds.</summary>
internal sealed class ComposedWorld(float[][] gallery)
{
    public float[][] Units { get; } = [.. gallery.Select(Unit)];

    public static float[] Unit(float[] vector)
    {
        float[] unit = new float[vector.Length];
        UnitVector.Normalize(vector, unit);
        return unit;
    }

    public static float[] Dots(float[] query, float[][] rows) => [.. rows.Select(row => (float)row.Zip(query, (x, y) => (double)x * y).Sum())];

    public float[] Score(CompositionStrategy strategy, TermSet terms)
    {
        if (strategy is LinearStrategy linear)
        {
            return Dots(linear.Compose(terms), Units);
        }

        EmbeddingMatrix vectors = strategy.Vectors(terms);
        float[] products = [.. Enumerable.Range(0, vectors.Rows).SelectMany(i => Dots(vectors[i].ToArray(), Units))];
        int[] offsets = [.. Enumerable.Range(0, vectors.Rows).Select(i => strategy.DerivedVectors > 0 || terms.Has(strategy.Roles[i]) ? i * Units.Length : -1)];
        return ((RowStrategy)strategy).Score(terms, new SimilarityRows(products, offsets, Units.Length));
    }

    public static int[] Order(float[] scores) => [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).ThenBy(i => i)];

    public static double Worst(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual, (x, y) => double.IsNaN(y) ? double.PositiveInfinity : Math.Abs(x - y)).Max();
    }
}
