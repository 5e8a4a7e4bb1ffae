using System.Text.Json;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;

namespace ZeroShotCir.Tests;

public sealed class GoldenEvaluationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("fashioniq-dress-val", 34, 68)]
    [InlineData("fashioniq-shirt-val", 34, 68)]
    [InlineData("fashioniq-toptee-val", 34, 68)]
    [InlineData("cirr-val", 34, 272)]
    public void Every_golden_hit_is_reproduced(string name, int settings, int metrics)
    {
        JsonElement golden = Expected($"{name}.json");
        JsonElement[] expected = [.. golden.GetProperty("settings").EnumerateArray()];
        EvaluationRunner runner = GoldenWorld.Runner(name);
        IReadOnlyList<EvaluationResult> results = runner.Evaluate([.. expected.Select(GoldenWorld.Setting)], cancellationToken: Token);

        int compared = 0;
        foreach ((JsonElement item, EvaluationResult result) in expected.Zip(results))
        {
            Assert.Equal(golden.Number("queries"), result.Queries);
            Assert.Equal(golden.Number("gallery"), result.Gallery);
            foreach (JsonProperty hit in item.GetProperty("hits").EnumerateObject())
            {
                Assert.True(hit.Value.GetInt32() == result.Hits[hit.Name], $"{hit.Name}: expected {hit.Value}, got {result.Hits[hit.Name]} at {result.Setting}");
                Assert.Equal(item.GetProperty("percent").Number(hit.Name), result.Metrics[hit.Name], 1e-6);
                compared++;
            }

            Assert.Equal(item.Number("mrr"), result.Metrics["mrr"], 1e-4);
            Assert.Equal(item.Number("median_rank"), result.Metrics["median_rank"], 1.0);
        }

        output.WriteLine($"{name}: {results.Count} settings, {compared} hit counts equal");
        Assert.Equal(settings, results.Count);
        Assert.Equal(metrics, compared);
    }

    [Theory]
    [InlineData("fashioniq-dress-val", 2017)]
    [InlineData("fashioniq-shirt-val", 2038)]
    [InlineData("fashioniq-toptee-val", 1961)]
    [InlineData("cirr-val", 4181)]
    public void Every_golden_rank_lies_within_its_bounds(string name, int queries)
    {
        JsonElement golden = Expected($"{name}.json").GetProperty("ranks_1based");
        EvaluationResult result = GoldenWorld.Runner(name).Evaluate(GoldenWorld.Setting(golden.GetProperty("setting")), Token);
        int[] lowest = golden.GetProperty("lowest").Ints();
        int[] highest = golden.GetProperty("highest").Ints();
        int outside = Enumerable.Range(0, lowest.Length).Count(i => result.Ranks[i].Target < lowest[i] || result.Ranks[i].Target > highest[i]);
        output.WriteLine($"{name}: {lowest.Length} ranks, {outside} outside");
        Assert.Equal(queries, result.Ranks.Count);
        Assert.Equal(queries, lowest.Length);
        Assert.Equal(0, outside);
    }

    [Theory]
    [InlineData("fashioniq-dress-val")]
    [InlineData("fashioniq-shirt-val")]
    [InlineData("fashioniq-toptee-val")]
    public void The_union_gallery_gives_its_own_golden_hits(string name)
    {
        JsonElement[] expected = [.. Expected($"{name}.json").GetProperty("settings").EnumerateArray().Where(item => item.TryGetProperty("val_union_gallery", out _))];
        EvaluationRunner runner = GoldenWorld.Runner(name, GalleryProtocol.ValUnion);
        foreach (JsonElement item in expected)
        {
            EvaluationResult result = runner.Evaluate(GoldenWorld.Setting(item), Token);
            JsonElement union = item.GetProperty("val_union_gallery");
            Assert.Equal(union.Number("gallery"), result.Gallery);
            Assert.Equal(GalleryProtocol.ValUnion, result.GalleryProtocol);
            foreach (JsonProperty hit in union.GetProperty("hits").EnumerateObject())
            {
                Assert.Equal(hit.Value.GetInt32(), result.Hits[hit.Name]);
            }
        }

        Assert.NotEmpty(expected);
    }

    [Theory]
    [InlineData("fashioniq-dress-val")]
    [InlineData("cirr-val")]
    public void Every_golden_grid_point_is_reproduced(string name)
    {
        JsonElement golden = Expected($"{name}.grid.json");
        double[] alphas = golden.GetProperty("alphas").Doubles();
        double[] betas = golden.GetProperty("betas").Doubles();
        Assert.Equal(alphas, Sweep.ParseRange("0:1:0.05"));
        EvaluationRunner runner = GoldenWorld.Runner(name);
        int compared = 0;
        foreach (JsonProperty scoring in golden.GetProperty("scorings").EnumerateObject())
        {
            IReadOnlyList<EvaluationResult> results = runner.Evaluate(
                Sweep.Grid(GoldenWorld.Setting(0, 0, scoring.Name, golden.Text("fusion")), alphas, betas), cancellationToken: Token);
            foreach (JsonProperty metric in scoring.Value.EnumerateObject())
            {
                int[] expected = [.. metric.Value.EnumerateArray().SelectMany(row => row.Ints())];
                Assert.Equal(expected, results.Select(result => result.Hits[metric.Name]));
                compared += expected.Length;
            }
        }

        output.WriteLine($"{name}: {compared} grid hits equal");
        Assert.Equal(alphas.Length * betas.Length * golden.GetProperty("scorings").EnumerateObject().Sum(scoring => scoring.Value.EnumerateObject().Count()), compared);
    }

    [Fact]
    public void Every_golden_average_precision_is_reproduced()
    {
        JsonElement[] expected = [.. Expected("circo-val.json").GetProperty("settings").EnumerateArray()];
        IReadOnlyList<EvaluationResult> results = GoldenWorld.Runner("circo-val").Evaluate([.. expected.Select(GoldenWorld.Setting)], cancellationToken: Token);
        int compared = 0;
        foreach ((JsonElement item, EvaluationResult result) in expected.Zip(results))
        {
            foreach (JsonProperty metric in item.GetProperty("percent").EnumerateObject())
            {
                Assert.Equal(metric.Value.GetDouble(), result.Metrics[metric.Name], 1e-6);
                compared++;
            }

            foreach (JsonProperty aspect in item.GetProperty("semantic_mAP@10").EnumerateObject())
            {
                Assert.Equal(aspect.Value.GetDouble(), result.SemanticAveragePrecision[aspect.Name], 1e-6);
                compared++;
            }
        }

        output.WriteLine($"circo-val: {results.Count} settings, {compared} values equal to 1e-6");
        Assert.Equal(expected.Length, results.Count);
        Assert.NotEqual(0, compared);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static JsonElement Expected(string file) => GoldenJson.Read(RepositoryPaths.Golden("evaluation", "expected", file));
}
