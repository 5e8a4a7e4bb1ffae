using System.Text.Json;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Fusion;

namespace ZeroShotCir.Tests.Fusion;

public sealed class QueryFusionTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_golden_query_is_reproduced()
    {
        JsonElement golden = GoldenJson.Read(RepositoryPaths.Golden("fusion", "queries.json"));
        double tolerance = golden.Number("tolerance");
        int compared = 0;
        double largest = 0;
        foreach (JsonElement item in golden.GetProperty("cases").EnumerateArray())
        {
            float[] image = item.GetProperty("image").Floats();
            float[] text = item.GetProperty("text").Floats();
            foreach (JsonElement expected in item.GetProperty("expected").EnumerateArray())
            {
                float[] query = new float[image.Length];
                double alpha = expected.TryGetProperty("alpha", out JsonElement a) && a.ValueKind == JsonValueKind.Number ? a.GetDouble() : 0;
                Create(expected.Text("fusion"), alpha).Fuse(image, text, query);
                largest = Math.Max(largest, LargestDifference(expected.GetProperty("query").Doubles(), query));
                compared++;
            }
        }

        output.WriteLine($"{compared} golden queries, largest difference {largest:e1}, tolerance {tolerance:e1}");
        Assert.NotEqual(0, compared);
        Assert.True(largest <= tolerance, $"The largest difference is {largest}.");
    }

    [Fact]
    public void Every_golden_edge_case_gives_an_accepted_outcome()
    {
        JsonElement golden = GoldenJson.Read(RepositoryPaths.Golden("fusion", "edge.json"));
        double tolerance = golden.Number("tolerance");
        int cases = 0;
        foreach (JsonElement item in golden.GetProperty("cases").EnumerateArray())
        {
            cases++;
            float[] image = item.GetProperty("image").Floats();
            float[] text = item.GetProperty("text").Floats();
            double alpha = item.Number("alpha");
            float[] query = new float[image.Length];
            foreach (string fusion in (string[])["weighted-raw", "weighted-unit", "slerp"])
            {
                Exception? error = Record.Exception(() => Create(fusion, alpha).Fuse(image, text, query));
                Assert.True(error is null or InvalidEmbeddingException or ArgumentOutOfRangeException, $"{item.Text("name")}: {error}");
                if (item.TryGetProperty("error", out _))
                {
                    Assert.True(error is not null, $"{item.Text("name")} {fusion} should be refused.");
                    continue;
                }

                JsonElement outcome = item.GetProperty("fusions").GetProperty(fusion);
                string[] accept = outcome.TryGetProperty("accept", out JsonElement list) ? [.. list.EnumerateArray().Select(x => x.GetString()!)] : ["query"];
                if (error is null)
                {
                    Assert.Contains("query", accept);
                    Assert.True(LargestDifference(outcome.GetProperty("query").Doubles(), query) <= tolerance, $"{item.Text("name")} {fusion}");
                }
                else
                {
                    Assert.Contains("error", accept);
                }
            }
        }

        output.WriteLine($"{cases} golden edge cases");
        Assert.NotEqual(0, cases);
    }

    [Theory]
    [InlineData("weighted-raw")]
    [InlineData("weighted-unit")]
    [InlineData("slerp")]
    [InlineData("hadamard")]
    public void A_query_may_be_written_over_an_input(string fusion)
    {
        float[] image = [1, -2, 3, 0.5f];
        float[] text = [0.25f, 4, 1, -1];
        float[] apart = new float[4];
        Create(fusion, 0.3).Fuse(image, text, apart);
        Create(fusion, 0.3).Fuse(image, text, image);
        Assert.Equal(apart, image);
    }

    [Fact]
    public void Weights_of_a_linear_fusion_give_the_direction_of_its_query()
    {
        float[] image = [1, -2, 3, 0.5f];
        float[] text = [0.25f, 4, 1, -1];
        double imageLength = Math.Sqrt(image.Sum(x => x * x));
        double textLength = Math.Sqrt(text.Sum(x => x * x));
        double cosine = image.Zip(text, (x, y) => x * y).Sum() / imageLength / textLength;
        foreach (ILinearFusion fusion in (ILinearFusion[])[new WeightedFusion(0.3), new WeightedFusion(0.3, false), new SphericalFusion(0.3)])
        {
            FusionWeights weights = fusion.Weigh(imageLength, textLength, cosine);
            double[] sum = [.. image.Zip(text, (x, y) => (weights.Image * x) + (weights.Text * y))];
            double length = Math.Sqrt(sum.Sum(x => x * x));
            float[] query = new float[4];
            fusion.Fuse(image, text, query);
            Assert.True(LargestDifference([.. sum.Select(x => x / length)], query) < 1e-6);
        }
    }

    private static IQueryFusion Create(string name, double alpha) => name switch
    {
        "weighted-raw" => new WeightedFusion(alpha, normalizeInputs: false),
        "weighted-unit" => new WeightedFusion(alpha, normalizeInputs: true),
        "slerp" => new SphericalFusion(alpha),
        "hadamard" => new HadamardFusion(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "An unknown fusion."),
    };

    private static double LargestDifference(double[] expected, float[] actual)
        => expected.Zip(actual, (x, y) => double.IsNaN(y) ? double.PositiveInfinity : Math.Abs(x - y)).Max();
}
