using System.Text.Json;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Tests.Composition;

/// <summary>Strategies that look at the gallery, take examples one by one, or know a corpus, against golden files.</summary>
public sealed class GoldenFeedbackStrategyTests(ITestOutputHelper output)
{
    [Fact]
    public void Basic_with_and_without_expansion()
    {
        JsonElement golden = GoldenJson.Read(RepositoryPaths.Golden("strategies", "basic.json"));
        JsonElement tolerance = golden.GetProperty("tolerance");
        int compared = 0;
        double worst = 0;
        double worstProjection = 0;
        foreach (JsonElement world in golden.GetProperty("worlds").EnumerateArray())
        {
            float[][] images = world.GetProperty("image").Rows();
            float[][] queryImages = world.GetProperty("query_image").Rows();
            float[][] queryTexts = world.GetProperty("query_text").Rows();
            foreach (JsonElement expected in world.GetProperty("expected").EnumerateArray())
            {
                JsonElement setting = expected.GetProperty("setting");
                ComposedWorld gallery = new(images) { Projection = Projection(world, setting, images) };
                Assert.Equal(expected.Number("minimum_image"), gallery.Projection!.LeastImageSimilarity, 3e-6);
                Assert.Equal(expected.Number("minimum_text"), gallery.Projection!.LeastTextSimilarity, 3e-6);
                if (expected.TryGetProperty("projection", out JsonElement projection))
                {
                    Assert.Equal(expected.GetProperty("kept").GetInt32(), gallery.Projection!.Directions.Rows);
                    worstProjection = Math.Max(worstProjection, Worst(projection, gallery.Projection!));
                }

                CompositionStrategy strategy = StrategyTable.Parse(FormattableString.Invariant(
                    $"basic:harris={setting.Number("harris")},expand={(setting.GetProperty("expand").GetBoolean() ? 25 : 0)},project={Flag("project")},shift={Flag("shift")}"));
                JsonElement[] queries = [.. expected.GetProperty("queries").EnumerateArray()];
                for (int q = 0; q < queries.Length; q++)
                {
                    TermSet terms = new TermSet(images[0].Length).Add(TermRole.Image, queryImages[q]).Add(TermRole.Text, queryTexts[q]);
                    float[] scores = gallery.Score(strategy, terms);
                    double[] wanted = queries[q].GetProperty("scores").Doubles();
                    worst = Math.Max(worst, ComposedWorld.Worst(wanted, scores) / Math.Max(1, wanted.Max(Math.Abs)));
                    int[] top = queries[q].GetProperty("top").Ints();
                    Assert.Equal(top, ComposedWorld.Order(scores)[..top.Length]);
                    compared++;
                }

                int Flag(string name) => setting.GetProperty(name).GetBoolean() ? 1 : 0;
            }
        }

        output.WriteLine($"{compared} queries, largest difference of scores {worst:e1}, of projections {worstProjection:e1}");
        Assert.True(compared >= 40, $"{compared}");
        Assert.True(worst <= 1e-5, $"largest difference {worst:e1}");
        Assert.True(worstProjection <= tolerance.Number("projection"), $"largest difference of projections {worstProjection:e1}");
    }

    [Fact]
    public void Gmixer()
    {
        JsonElement golden = GoldenJson.Read(RepositoryPaths.Golden("strategies", "gmixer.json"));
        int compared = 0;
        double worst = 0;
        foreach (JsonElement world in golden.GetProperty("worlds").EnumerateArray())
        {
            float[][] images = world.GetProperty("image").Rows();
            TermSet terms = new TermSet(images[0].Length)
                .Add(TermRole.Image, images[world.GetProperty("reference_ordinal").GetInt32()])
                .Add(TermRole.TargetDescription, world.GetProperty("target").Floats())
                .Add(TermRole.Text, world.GetProperty("modifier").Floats())
                .Add(TermRole.MustHave, world.GetProperty("include").Floats())
                .Add(TermRole.MustNot, world.GetProperty("exclude").Floats());
            double[] ratios = world.GetProperty("ratios").Doubles();
            CompositionStrategy strategy = StrategyTable.Parse(
                FormattableString.Invariant($"gmixer:length={world.GetProperty("list_length").GetInt32()},first={ratios[0]},mixtures={ratios.Length}"));
            float[] scores = new ComposedWorld(images).Score(strategy, terms);
            Assert.Equal(world.GetProperty("full_without_repeats").Ints(), ComposedWorld.Order(scores));
            int[] candidates = world.GetProperty("candidates").Ints();
            double[] expected = world.GetProperty("scores").Doubles();
            foreach (int item in world.GetProperty("top").Ints())
            {
                worst = Math.Max(worst, Math.Abs(expected[Array.IndexOf(candidates, item)] - scores[item]));
                compared++;
            }
        }

        Report(compared, 30, worst, golden.Number("tolerance"));
    }

    [Fact]
    public void Feedback()
    {
        JsonElement golden = GoldenJson.Read(RepositoryPaths.Golden("strategies", "prf.json"));
        int compared = 0;
        double worst = 0;
        foreach (JsonElement world in golden.GetProperty("worlds").EnumerateArray())
        {
            float[][] images = world.GetProperty("image").Rows();
            ComposedWorld gallery = new(images);
            foreach (JsonElement expected in world.GetProperty("expected").EnumerateArray())
            {
                TermSet terms = new TermSet(images[0].Length)
                    .Add(TermRole.Image, images[world.GetProperty("reference_ordinal").GetInt32()])
                    .Add(TermRole.Text, world.GetProperty("text").Floats());
                string strategy;
                if (expected.Text("strategy") == "rocchio")
                {
                    strategy = FormattableString.Invariant($"rocchio:description={expected.Number("gamma")},like={expected.Number("alpha")},unlike={expected.Number("beta")}");
                    terms.Add(TermRole.TargetDescription, world.GetProperty("feedback_text").Floats()).Add(TermRole.Liked, images[expected.GetProperty("selected").GetInt32()]);
                    foreach (int shown in expected.GetProperty("unselected").Ints())
                    {
                        terms.Add(TermRole.Disliked, images[shown]);
                    }
                }
                else
                {
                    strategy = FormattableString.Invariant($"prf:rows={expected.GetProperty("rows").GetInt32()},temperature={expected.Number("temperature")}");
                }

                float[] scores = gallery.Score(StrategyTable.Parse(strategy).WithAlpha(0.5), terms);
                worst = Math.Max(worst, ComposedWorld.Worst(expected.GetProperty("scores").Doubles(), scores));
                int[] top = expected.GetProperty("top").Ints();
                Assert.Equal(top, ComposedWorld.Order(scores)[..top.Length]);
                compared++;
            }
        }

        Report(compared, 10, worst, golden.Number("tolerance"));
    }

    [Fact]
    public void Examples_by_best_score_average_and_sum()
    {
        JsonElement golden = GoldenJson.Read(RepositoryPaths.Golden("strategies", "negatives.json"));
        int compared = 0;
        double worst = 0;
        foreach (JsonElement world in golden.GetProperty("worlds").EnumerateArray())
        {
            float[][] images = world.GetProperty("image").Rows();
            float[][] texts = world.GetProperty("texts").Rows();
            ComposedWorld gallery = new(images);
            foreach (JsonElement expected in world.GetProperty("expected").EnumerateArray().Where(e => e.Text("strategy").StartsWith("qdrant", StringComparison.Ordinal)))
            {
                (TermRole Role, float[] Embedding, double Weight)[] examples =
                [
                    .. expected.GetProperty("pictures").EnumerateArray().Select(e => (TermRole.Image, images[(int)e.Doubles()[0]], e.Doubles()[1])),
                    .. expected.GetProperty("texts").EnumerateArray().Select(e => (TermRole.Text, texts[(int)e.Doubles()[0]], e.Doubles()[1])),
                ];
                int positives = examples.Count(e => e.Weight > 0), negatives = examples.Length - positives;
                TermSet terms = new(images[0].Length);
                foreach ((TermRole role, float[] embedding, double weight) in examples)
                {
                    // The signed sum takes any weights: the mean of the positives once or twice, less that of the negatives.
                    double sign = Math.Sign(weight);
                    double share = expected.Text("strategy") != "qdrant-average" ? sign
                        : weight > 0 ? (negatives > 0 ? 2.0 : 1.0) / positives : -1.0 / negatives;
                    terms.Add(role, embedding, share);
                }

                string strategy = expected.Text("strategy") switch
                {
                    "qdrant-best" => "best-score",
                    "qdrant-average" => "arithmetic:unit=1",
                    _ => "arithmetic",
                };
                float[] scores = gallery.Score(StrategyTable.Parse(strategy), terms);
                worst = Math.Max(worst, ComposedWorld.Worst(expected.GetProperty("scores").Doubles(), scores));
                HashSet<int> own = [.. expected.GetProperty("pictures").EnumerateArray().Select(e => (int)e.Doubles()[0])];
                if (expected.TryGetProperty("top_without_examples", out JsonElement top))
                {
                    Assert.Equal(top.Ints(), ComposedWorld.Order(scores).Where(i => !own.Contains(i)).Take(top.GetArrayLength()));
                }

                compared++;
            }
        }

        Report(compared, 12, worst, golden.Number("tolerance"));
    }

    [Fact]
    public void A_minimum_that_is_met_exactly_is_met()
    {
        JsonElement exact = GoldenJson.Read(RepositoryPaths.Golden("strategies", "negatives.json")).GetProperty("exact");
        float[][] images = exact.GetProperty("gallery").Rows();
        foreach (JsonElement expected in exact.GetProperty("cases").EnumerateArray())
        {
            TermSet terms = new(4);
            foreach (JsonElement example in expected.GetProperty("pictures").EnumerateArray())
            {
                terms.Add(TermRole.Image, images[(int)example.Doubles()[0]], example.Doubles()[1]);
            }

            float[] scores = new ComposedWorld(images).Score(StrategyTable.Parse("arithmetic"), terms);
            Assert.Equal(expected.GetProperty("inclusive").Ints(), ComposedWorld.Order(scores).Where(i => scores[i] >= expected.Number("minimum")));
        }
    }

    private static CorpusProjection Projection(JsonElement world, JsonElement setting, float[][] images)
    {
        float[] mean = world.GetProperty("image_mean").Floats();
        if (setting.Text("image_mean") == "gallery")
        {
            float[][] units = [.. images.Select(ComposedWorld.Unit)];
            mean = [.. Enumerable.Range(0, mean.Length).Select(i => (float)units.Average(row => (double)row[i]))];
        }

        return CorpusProjection.Create(
            EmbeddingMatrix.FromRows(world.GetProperty("positive").Rows()),
            EmbeddingMatrix.FromRows(world.GetProperty("negative").Rows()),
            mean,
            EmbeddingMatrix.FromRows(world.GetProperty("synthetic_image").Rows()),
            EmbeddingMatrix.FromRows(world.GetProperty("synthetic_text").Rows()),
            new CorpusProjectionOptions { NegativeWeight = setting.Number("negative_weight"), Components = setting.GetProperty("components").GetInt32() });
    }

    private static double Worst(JsonElement expected, CorpusProjection projection)
    {
        double worst = 0;
        double[][] rows = [.. expected.EnumerateArray().Select(row => row.Doubles())];
        for (int i = 0; i < rows.Length; i++)
        {
            float[] axis = new float[rows.Length];
            axis[i] = 1;
            worst = Math.Max(worst, ComposedWorld.Worst(rows[i], projection.Project(axis)));
        }

        return worst;
    }

    private void Report(int compared, int atLeast, double worst, double tolerance)
    {
        output.WriteLine($"{compared} settings, largest difference {worst:e1}, tolerance {tolerance:e1}");
        Assert.True(compared >= atLeast, $"{compared} settings");
        Assert.True(worst <= tolerance, $"largest difference {worst:e1}");
    }
}
