using System.Text.Json;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Tests.Composition;

public sealed class GoldenStrategyTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_golden_query_is_reproduced()
    {
        JsonElement golden = GoldenJson.Read(RepositoryPaths.Golden("fusion", "queries.json"));
        int compared = 0;
        double largest = 0;
        foreach (JsonElement item in golden.GetProperty("cases").EnumerateArray())
        {
            float[] image = item.GetProperty("image").Floats();
            float[] text = item.GetProperty("text").Floats();
            foreach (JsonElement expected in item.GetProperty("expected").EnumerateArray())
            {
                double alpha = expected.TryGetProperty("alpha", out JsonElement a) && a.ValueKind == JsonValueKind.Number ? a.GetDouble() : 0;
                float[] query = Create(expected.Text("fusion"), alpha).Compose(Pair(image, text));
                largest = Math.Max(largest, ComposedWorld.Worst(expected.GetProperty("query").Doubles(), query));
                compared++;
            }
        }

        output.WriteLine($"{compared} golden queries, largest difference {largest:e1}");
        Assert.Equal(190, compared);
        Assert.True(largest <= golden.Number("tolerance"), $"The largest difference is {largest}.");
    }

    [Fact]
    public void Every_golden_edge_case_gives_an_accepted_outcome()
    {
        JsonElement golden = GoldenJson.Read(RepositoryPaths.Golden("fusion", "edge.json"));
        int cases = 0;
        foreach (JsonElement item in golden.GetProperty("cases").EnumerateArray())
        {
            cases++;
            foreach (string fusion in (string[])["weighted-raw", "weighted-unit", "slerp"])
            {
                float[] query = [];
                Exception? error = Record.Exception(
                    () => query = Create(fusion, item.Number("alpha")).Compose(Pair(item.GetProperty("image").Floats(), item.GetProperty("text").Floats())));
                Assert.True(error is null or InvalidEmbeddingException or ArgumentOutOfRangeException, $"{item.Text("name")}: {error}");
                if (item.TryGetProperty("error", out _))
                {
                    Assert.True(error is not null, $"{item.Text("name")} {fusion} should be refused.");
                    continue;
                }

                JsonElement outcome = item.GetProperty("fusions").GetProperty(fusion);
                string[] accept = outcome.TryGetProperty("accept", out JsonElement list) ? [.. list.EnumerateArray().Select(x => x.GetString()!)] : ["query"];
                Assert.Contains(error is null ? "query" : "error", accept);
                if (error is null)
                {
                    Assert.True(ComposedWorld.Worst(outcome.GetProperty("query").Doubles(), query) <= golden.Number("tolerance"), $"{item.Text("name")} {fusion}");
                }
            }
        }

        Assert.Equal(18, cases);
    }

    [Fact]
    public void Every_golden_strategy_is_reproduced()
    {
        JsonElement golden = GoldenJson.Read(RepositoryPaths.Golden("fusion", "strategies.json"));
        int compared = 0, ranked = 0;
        double largest = 0;
        foreach (JsonElement item in golden.GetProperty("cases").EnumerateArray())
        {
            foreach (JsonElement expected in item.GetProperty("expected").EnumerateArray())
            {
                float[] scores = Score(item, expected, out float[]? query);
                if (expected.TryGetProperty("query", out JsonElement expectedQuery))
                {
                    largest = Math.Max(largest, ComposedWorld.Worst(expectedQuery.Doubles(), query!));
                }

                if (expected.TryGetProperty("scores", out JsonElement expectedScores))
                {
                    largest = Math.Max(largest, ComposedWorld.Worst(expectedScores.Doubles(), scores));
                    int[] top = expected.GetProperty("top").Ints();
                    Assert.Equal(top, ComposedWorld.Order(scores)[..top.Length]);
                    ranked++;
                }

                compared++;
            }
        }

        output.WriteLine($"{compared} golden strategies, {ranked} with rankings, largest difference {largest:e1}");
        Assert.Equal((52, 50), (compared, ranked));
        Assert.True(largest <= golden.Number("tolerance"), $"The largest difference is {largest}.");
    }

    private static float[] Score(JsonElement item, JsonElement expected, out float[]? query)
    {
        float[][] raw = item.GetProperty("image").Rows();
        float[] image = raw[item.GetProperty("reference_ordinal").GetInt32()];
        string name = expected.Text("strategy");
        double alpha = expected.TryGetProperty("alpha", out JsonElement given) ? given.GetDouble() : 0.5;
        double Get(string parameter) => expected.Number(parameter);
        float[] Vector(string vector) => item.GetProperty(vector).Floats();
        ComposedWorld world = new(raw);
        TermSet pair = Pair(image, Vector("text"));
        (CompositionStrategy strategy, TermSet terms) = name switch
        {
            "late-linear" or "product" => (StrategyTable.Parse(name).WithAlpha(alpha), pair),
            "late-cdf" => (StrategyTable.Parse($"late-cdf:ddof={Get("ddof")}").WithAlpha(alpha), pair),
            "seize" => (Parse($"seize:neg={Get("neg")},pos={Get("pos")}"), Described(false)),
            "pdv" => (Parse($"pdv:image={Get("alpha_image")},text={Get("alpha_text")}").WithAlpha(Get("beta")), Described(true)),
            "sdr" => (Parse($"sdr:beta={Get("beta")}").WithAlpha(1 - alpha), pair.Add(TermRole.TargetDescription, Vector("text_composed"))),
            "arithmetic" => (StrategyTable.Parse("arithmetic"), Signed(expected.GetProperty("weights").Doubles())),
            "mean-of-texts" => (StrategyTable.Parse("weighted"), new TermSet(image.Length).Add(TermRole.Text, EmbeddingMatrix.FromRows([Vector("text"), Vector("text_negative")]))),
            "centred-weighted" => (StrategyTable.Parse("centered").WithAlpha(alpha), pair),
            _ => throw new InvalidOperationException(expected.GetRawText()),
        };
        if (strategy.Space == CompositionSpace.Centered)
        {
            EmbeddingMatrix images = EmbeddingMatrix.FromRows(raw);
            CenteredSpace space = new(ModalityCenter.FromEmbeddings(images), ModalityCenter.FromEmbeddings(EmbeddingMatrix.FromRows(item.GetProperty("captions").Rows())));
            terms = terms.Transform(space);
            world = new ComposedWorld([.. raw.Select(row =>
            {
                float[] centered = new float[row.Length];
                space.TransformImage(row, centered);
                return centered;
            })]);
        }

        query = strategy is LinearStrategy linear ? linear.Compose(terms) : null;
        return world.Score(strategy, terms);

        TermSet Described(bool withImage)
        {
            TermSet described = new TermSet(image.Length).Add(TermRole.ReferenceDescription, Vector("text_reference")).Add(TermRole.TargetDescription, Vector("text_composed"));
            return withImage ? described.Add(TermRole.Image, image) : described;
        }

        TermSet Signed(double[] weights)
        {
            TermSet signed = new(image.Length);
            (TermRole Role, float[] Vector, double Weight)[] inputs =
            [
                (TermRole.Image, image, weights[0]),
                (TermRole.Text, Vector("text"), weights[1]),
                (TermRole.Text, Vector("text_negative"), weights[2]),
            ];
            foreach ((TermRole role, float[] vector, double weight) in inputs)
            {
                _ = weight == 0 ? signed : signed.Add(role, vector, weight);
            }

            return signed;
        }
    }

    private static CompositionStrategy Parse(FormattableString text) => StrategyTable.Parse(FormattableString.Invariant(text));

    private static TermSet Pair(float[] image, float[] text) => new TermSet(image.Length).Add(TermRole.Image, image).Add(TermRole.Text, text);

    private static LinearStrategy Create(string name, double alpha) => (LinearStrategy)(name switch
    {
        "weighted-raw" => CompositionStrategy.Weighted.WithAlpha(alpha).WithNormalizedInputs(false),
        "weighted-unit" => CompositionStrategy.Weighted.WithAlpha(alpha),
        _ => StrategyTable.Parse(name).WithAlpha(alpha),
    });
}
