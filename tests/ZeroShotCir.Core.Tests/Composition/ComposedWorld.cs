using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Similarity;

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

    /// <summary>What was measured of a corpus, for the strategy that reads it.</summary>
    public CorpusProjection? Projection { get; init; }

    public SearchedItems Items => new Row(this);

    public float[] Score(CompositionStrategy strategy, TermSet terms)
    {
        terms = new TermSet(terms.Dimensions) { Searched = Items }.Add(terms);
        if (strategy is LinearStrategy linear)
        {
            return Dots(linear.Compose(terms), Units);
        }

        ComposedVectors vectors = strategy.Vectors(terms);
        float[] products = [.. Enumerable.Range(0, vectors.Count).SelectMany(i => Dots(vectors[i].ToArray(), Units))];
        int[] offsets = [.. Enumerable.Range(0, vectors.Count).Select(i => vectors.Has(i) ? i * Units.Length : -1)];
        return ((RowStrategy)strategy).Score(terms, new SimilarityRows(products, offsets, Units.Length) { Shifts = vectors.Shifts });
    }

    public static int[] Order(float[] scores) => [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).ThenBy(i => i)];

    public static double Worst(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual, (x, y) => double.IsNaN(y) ? double.PositiveInfinity : Math.Abs(x - y)).Max();
    }

    private sealed class Row(ComposedWorld world) : SearchedItems
    {
        public override CorpusProjection? Projection => world.Projection;

        public override IReadOnlyList<SearchHit> Nearest(ReadOnlyMemory<float> vector, int count)
        {
            float[] scores = Dots(vector.ToArray(), world.Units);
            return [.. Order(scores).Take(count).Select(i => new SearchHit(i, scores[i]))];
        }

        public override void CopyImage(int ordinal, Span<float> unit) => world.Units[ordinal].CopyTo(unit);
    }
}
