using System.Text.Json;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Fusion;

namespace ZeroShotCir.Tests.Fusion;

public sealed class StrategyTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_golden_strategy_is_reproduced()
    {
        JsonElement golden = GoldenJson.Read(RepositoryPaths.Golden("fusion", "strategies.json"));
        double tolerance = golden.Number("tolerance");
        int compared = 0;
        int ranked = 0;
        double largest = 0;
        foreach (JsonElement item in golden.GetProperty("cases").EnumerateArray())
        {
            World world = new(item);
            foreach (JsonElement expected in item.GetProperty("expected").EnumerateArray())
            {
                float[] scores = world.Score(expected, out float[]? query);
                if (expected.TryGetProperty("query", out JsonElement expectedQuery))
                {
                    largest = Math.Max(largest, expectedQuery.Doubles().Zip(query!, (x, y) => Math.Abs(x - y)).Max());
                }

                if (expected.TryGetProperty("scores", out JsonElement expectedScores))
                {
                    largest = Math.Max(largest, expectedScores.Doubles().Zip(scores, (x, y) => Math.Abs(x - y)).Max());

                    // Ties of equal rows are exact, so the order has to be the golden one.
                    int[] order = [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).ThenBy(i => i)];
                    int[] top = expected.GetProperty("top").Ints();
                    Assert.Equal(top, order[..top.Length]);
                    ranked++;
                }

                compared++;
            }
        }

        output.WriteLine($"{compared} golden strategies, {ranked} with rankings, largest difference {largest:e1}, tolerance {tolerance:e1}");
        Assert.NotEqual(0, compared);
        Assert.NotEqual(0, ranked);
        Assert.True(largest <= tolerance, $"The largest difference is {largest}.");
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
    public void Scores_without_spread_say_nothing()
    {
        float[] scores = new float[3];
        new CdfScoreFusion(0.5).Fuse([0.2f, 0.2f, 0.2f], [0.1f, 0.5f, 0.9f], scores);
        Assert.Equal(0.5f, scores[1], 1e-6f);
        Assert.True(scores[0] < scores[1] && scores[1] < scores[2]);
    }

    [Fact]
    public void Score_fusions_refuse_lengths_that_differ()
    {
        Assert.Throws<ArgumentException>("textScores", () => new ProductScoreFusion().Fuse(new float[3], new float[2], new float[3]));
        Assert.Throws<ArgumentException>("scores", () => new LinearScoreFusion(0.5).Fuse(new float[3], new float[3], new float[4]));
    }

    private sealed class World
    {
        private readonly float[][] _gallery;
        private readonly float[] _image;
        private readonly JsonElement _item;

        public World(JsonElement item)
        {
            _item = item;
            float[][] raw = item.GetProperty("image").Rows();
            _gallery = [.. raw.Select(Unit)];
            _image = raw[item.GetProperty("reference_ordinal").GetInt32()];
        }

        private float[] Text => Vector("text");

        private float[] Composed => Vector("text_composed");

        private float[] Described => Vector("text_reference");

        private float[] Negative => Vector("text_negative");

        public float[] Score(JsonElement expected, out float[]? query)
        {
            double Get(string name) => expected.Number(name);
            query = null;
            float[] scores = new float[_gallery.Length];
            switch (expected.Text("strategy"))
            {
                case "late-linear":
                    new LinearScoreFusion(Get("alpha")).Fuse(Similarities(_image), Similarities(Text), scores);
                    return scores;
                case "late-cdf":
                    new CdfScoreFusion(Get("alpha"), Get("ddof") > 0).Fuse(Similarities(_image), Similarities(Text), scores);
                    return scores;
                case "product":
                    new ProductScoreFusion().Fuse(Similarities(_image), Similarities(Text), scores);
                    return scores;
                case "seize":
                    new SeizeScoreFusion(Get("neg"), Get("pos")).Fuse(Similarities(Described), Similarities(Composed), scores);
                    return scores;
                case "pdv":
                    query = new float[_image.Length];
                    new PromptDirectionalFusion(Get("alpha_image"), Get("alpha_text"), Get("beta")).Fuse(_image, Described, Composed, query);
                    return Dots(query, _gallery);
                case "sdr":
                    query = new float[_image.Length];
                    new SdrFusion(Get("alpha"), Get("beta")).Fuse(_image, Composed, Text, query);
                    return Dots(query, _gallery);
                case "arithmetic":
                    double[] weights = expected.GetProperty("weights").Doubles();
                    query = new float[_image.Length];
                    SignedSum.Add(query, _image, weights[0]);
                    SignedSum.Add(query, Text, weights[1]);
                    SignedSum.Add(query, Negative, weights[2]);
                    return Dots(query, _gallery);
                case "mean-of-texts":
                    query = new float[_image.Length];
                    MeanOfTexts.Average(EmbeddingMatrix.FromRows([Text, Negative]), query);
                    return Dots(query, _gallery);
                case "centred-weighted":
                    EmbeddingMatrix images = EmbeddingMatrix.FromRows(_item.GetProperty("image").Rows());
                    ModalityCentre imageCentre = ModalityCentre.Of(images);
                    ModalityCentre textCentre = ModalityCentre.Of(EmbeddingMatrix.FromRows(_item.GetProperty("captions").Rows()));
                    query = new float[_image.Length];
                    new CentredFusion(Get("alpha"), imageCentre, textCentre).Fuse(_image, Text, query);
                    EmbeddingMatrix centred = imageCentre.Centre(images);
                    return Dots(query, [.. Enumerable.Range(0, centred.Rows).Select(i => centred[i].ToArray())]);
                default:
                    throw new InvalidOperationException(expected.GetRawText());
            }
        }

        private float[] Vector(string name) => _item.GetProperty(name).Floats();

        private float[] Similarities(float[] vector) => Dots(Unit(vector), _gallery);

        private static float[] Dots(float[] query, float[][] rows)
            => [.. rows.Select(row => (float)row.Zip(query, (x, y) => (double)x * y).Sum())];

        private static float[] Unit(float[] vector)
        {
            float[] unit = new float[vector.Length];
            UnitVector.Normalize(vector, unit);
            return unit;
        }
    }
}
