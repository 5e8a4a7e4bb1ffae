using System.Text.Json;
using ZeroShotCir.Composition;

namespace ZeroShotCir.Tests.Composition;

/// <summary>The strategies of the second round of golden files; settings that document a published slip are not offered, so not compared.</summary>
public sealed class GoldenNewerStrategyTests(ITestOutputHelper output)
{
    [Fact]
    public void Transition()
    {
        JsonElement golden = Read("transition.json");
        int compared = 0;
        double worst = 0;
        foreach (JsonElement world in golden.GetProperty("worlds").EnumerateArray())
        {
            ComposedWorld gallery = new(world.GetProperty("image").Rows());
            float[][] targets = world.GetProperty("targets").Rows();
            foreach (JsonElement expected in world.GetProperty("expected").EnumerateArray().Where(e => e.GetProperty("setting").Text("inputs") == "unit"))
            {
                JsonElement setting = expected.GetProperty("setting");
                TermSet terms = new TermSet(world.GetProperty("dim").GetInt32()).Add(TermRole.Text, world.GetProperty("modifier").Floats());
                for (int k = 0; k < setting.GetProperty("samples").GetInt32(); k++)
                {
                    terms.Add(TermRole.TargetDescription, targets[k]);
                }

                worst = Compare(gallery.Score(StrategyTable.Parse("transition").WithAlpha(setting.Number("alpha")), terms), expected, worst, ref compared);
            }
        }

        Report(compared, 16, worst, golden.Number("tolerance"));
    }

    [Fact]
    public void Soft()
    {
        JsonElement golden = Read("soft.json");
        int compared = 0;
        double worst = 0;
        foreach (JsonElement world in golden.GetProperty("worlds").EnumerateArray())
        {
            float[][] images = world.GetProperty("image").Rows();
            ComposedWorld gallery = new(images);
            foreach (JsonElement expected in world.GetProperty("expected").EnumerateArray())
            {
                JsonElement setting = expected.GetProperty("setting");
                string form = setting.Text("form");
                if (setting.Text("base") != "fused" || form == "penalty-as-published")
                {
                    continue;
                }

                TermSet terms = new TermSet(images[0].Length)
                    .Add(TermRole.Image, images[world.GetProperty("reference_ordinal").GetInt32()])
                    .Add(TermRole.Text, world.GetProperty("text").Floats());
                if (form != "penalty")
                {
                    Add(terms, TermRole.MustHave, world.GetProperty("include").Rows()[..setting.GetProperty("include").GetInt32()]);
                }

                if (form != "reward")
                {
                    Add(terms, TermRole.MustNot, world.GetProperty("exclude").Rows()[..setting.GetProperty("exclude").GetInt32()]);
                }

                string lambda = FormattableString.Invariant($":lambda={setting.Number("lambda")}");
                CompositionStrategy strategy = StrategyTable.Parse((form == "soft" ? "soft" : $"soft-{form}") + lambda).WithAlpha(0.8);
                worst = Compare(gallery.Score(strategy, terms), expected, worst, ref compared);
            }
        }

        Report(compared, 54, worst, golden.Number("tolerance"));

        static void Add(TermSet terms, TermRole role, float[][] texts)
        {
            foreach (float[] text in texts)
            {
                terms.Add(role, text);
            }
        }
    }

    [Fact]
    public void WeiCom_is_late_cdf_with_a_sample_deviation()
    {
        JsonElement golden = Read("weicom.json");
        int compared = 0;
        double worst = 0;
        foreach (JsonElement world in golden.GetProperty("worlds").EnumerateArray())
        {
            float[][] images = world.GetProperty("image").Rows();
            int reference = world.GetProperty("reference_ordinal").GetInt32();
            TermSet terms = new TermSet(images[0].Length).Add(TermRole.Image, images[reference]).Add(TermRole.Text, world.GetProperty("text").Floats());
            foreach (JsonElement expected in world.GetProperty("expected").EnumerateArray())
            {
                CompositionStrategy strategy = StrategyTable.Parse("weicom").WithAlpha(expected.GetProperty("setting").Number("lambda"));
                worst = Compare(new ComposedWorld(images).Score(strategy, terms), expected, worst, ref compared);
                float[] without = new ComposedWorld([.. images.Where((_, n) => n != reference)]).Score(strategy, terms);
                worst = Math.Max(worst, ComposedWorld.Worst(expected.GetProperty("scores_gallery_without_reference").Doubles(), without));
            }
        }

        Report(compared, 10, worst, golden.Number("tolerance"));
    }

    [Fact]
    public void AdaSt_guarded()
    {
        JsonElement golden = Read("adast.json");
        int compared = 0;
        double worst = 0;
        foreach (JsonElement world in golden.GetProperty("worlds").EnumerateArray())
        {
            ComposedWorld gallery = new(world.GetProperty("image").Rows());
            foreach (JsonElement query in world.GetProperty("queries").EnumerateArray())
            {
                worst = CompareShifts(gallery, query, worst, ref compared);
            }
        }

        JsonElement degenerate = golden.GetProperty("degenerate");
        ComposedWorld small = new(degenerate.GetProperty("gallery").Rows());
        foreach (JsonElement query in degenerate.GetProperty("cases").EnumerateArray())
        {
            worst = CompareShifts(small, query, worst, ref compared);
        }

        output.WriteLine($"{compared}");
        Assert.True(compared > 40);
        Assert.True(worst <= golden.GetProperty("tolerance").Number("scores"), $"largest difference {worst:e1}");
    }

    private static double CompareShifts(ComposedWorld gallery, JsonElement query, double worst, ref int compared)
    {
        float[] image = query.GetProperty("image").Floats();
        TermSet terms = new TermSet(image.Length)
            .Add(TermRole.Image, image)
            .Add(TermRole.ReferenceDescription, query.GetProperty("reference_caption").Floats())
            .Add(TermRole.TargetDescription, query.GetProperty("target").Floats());
        foreach (JsonElement expected in query.GetProperty("expected").EnumerateArray())
        {
            JsonElement setting = expected.GetProperty("setting");
            if (setting.Text("inputs") == "unit" && setting.Text("mode") == "guarded")
            {
                CompositionStrategy strategy = StrategyTable.Parse(
                    FormattableString.Invariant($"adast:b={setting.Number("b")},lambda={setting.Number("lambda")},margin={setting.Number("margin")}"));
                if (expected.TryGetProperty("scores", out _))
                {
                    worst = Compare(gallery.Score(strategy, terms), expected, worst, ref compared);
                }
                else
                {
                    worst = Math.Max(worst, ComposedWorld.Worst(expected.GetProperty("p_unit").Doubles(), strategy.Vectors(terms)[2].ToArray()));
                    compared++;
                }
            }
        }

        return worst;
    }

    [Fact]
    public void Signed_examples_and_inclusive_minimum()
    {
        JsonElement golden = Read("negatives.json");
        int compared = 0;
        double worst = 0;
        foreach (JsonElement world in golden.GetProperty("worlds").EnumerateArray())
        {
            float[][] images = world.GetProperty("image").Rows();
            float[][] texts = world.GetProperty("texts").Rows();
            ComposedWorld gallery = new(images);
            int k = world.GetProperty("k").GetInt32();
            foreach (JsonElement expected in world.GetProperty("expected").EnumerateArray().Where(e => e.Text("strategy") is "weighted-sum" or "weighted-sum-unit"))
            {
                TermSet terms = new(images[0].Length);
                double[][] pictures = [.. expected.GetProperty("pictures").EnumerateArray().Select(e => e.Doubles())];
                foreach (double[] example in pictures)
                {
                    terms.Add(TermRole.Image, images[(int)example[0]], example[1]);
                }

                foreach (double[] example in expected.GetProperty("texts").EnumerateArray().Select(e => e.Doubles()))
                {
                    terms.Add(TermRole.Text, texts[(int)example[0]], example[1]);
                }

                CompositionStrategy strategy = StrategyTable.Parse(expected.Text("strategy") == "weighted-sum" ? "arithmetic" : "arithmetic:unit=1");
                float[] scores = gallery.Score(strategy, terms);
                worst = Compare(scores, expected, worst, ref compared);
                HashSet<int> examples = [.. pictures.Select(example => (int)example[0])];
                foreach (JsonElement threshold in expected.GetProperty("thresholds").EnumerateArray())
                {
                    Assert.Equal(
                        threshold.GetProperty("top").Ints(),
                        ComposedWorld.Order(scores).Where(i => scores[i] >= threshold.Number("minimum") && !examples.Contains(i)).Take(k));
                }
            }
        }

        Report(compared, 20, worst, golden.Number("tolerance"));
    }

    private static double Compare(float[] scores, JsonElement expected, double worst, ref int compared)
    {
        compared++;
        if (expected.TryGetProperty("top", out JsonElement top))
        {
            int[] wanted = top.Ints();
            Assert.Equal(wanted, ComposedWorld.Order(scores)[..wanted.Length]);
        }

        return Math.Max(worst, ComposedWorld.Worst(expected.GetProperty("scores").Doubles(), scores));
    }

    private void Report(int compared, int atLeast, double worst, double tolerance)
    {
        output.WriteLine($"{compared} settings, largest difference {worst:e1}, tolerance {tolerance:e1}");
        Assert.True(compared >= atLeast, $"{compared} settings");
        Assert.True(worst <= tolerance, $"largest difference {worst:e1}");
    }

    private static JsonElement Read(string file) => GoldenJson.Read(RepositoryPaths.Golden("strategies", file));
}
