using System.Globalization;
using System.Text.Json;
using ZeroShotCir.Tests;

namespace ZeroShotCir.Tool.Tests.Evaluation;

/// <summary>
/// TinyFashion from its pictures on, against <c>expected.json</c>, which an independent Python reference computed. A query
/// may differ only where the reference calls its hit fragile: closer to the cut than the encoders' own error.
/// </summary>
public sealed class ExpectedRecallTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("fashioniq", 3 * 84)]
    [InlineData("cirr", 84)]
    public async Task Every_setting_is_reproduced_hit_for_hit(string dataset, int expectedSettings)
    {
        using TemporaryFolder cache = new();
        JsonElement[] expected =
        [
            .. GoldenJson.Read(Path.Combine(RepositoryPaths.TinyFashion, "data", "expected.json")).GetProperty("recall").GetProperty("datasets").EnumerateArray()
                .Where(item => item.Text("dataset") == dataset && item.TryGetProperty("queries", out _)),
        ];
        int settings = 0, metrics = 0, exact = 0;
        foreach (string scoring in (string[])["paper", "reference"])
        {
            foreach (string fusion in (string[])["unit", "raw"])
            {
                Dictionary<(string, double, double), JsonElement> measured = await SweepAsync(dataset, scoring, fusion, cache.Path);
                foreach (JsonElement category in expected)
                {
                    string name = CategoryOf(category);
                    foreach (JsonElement setting in category.GetProperty("settings").EnumerateArray()
                        .Where(setting => setting.Text("scoring") == scoring && setting.Text("fusion") == fusion))
                    {
                        (double alpha, double beta) = (setting.Number("alpha"), setting.Number("beta"));
                        JsonElement hits = measured[(name, alpha, beta)].GetProperty("hits");
                        settings++;
                        foreach (JsonProperty metric in setting.GetProperty("hits").EnumerateObject())
                        {
                            int difference = Math.Abs(hits.GetProperty(metric.Name).GetInt32() - metric.Value.GetInt32());
                            int fragile = setting.GetProperty("fragile").TryGetProperty(metric.Name, out JsonElement allowance) ? allowance.GetInt32() : 0;
                            string where = string.Create(CultureInfo.InvariantCulture, $"{name} α {alpha} β {beta} {scoring} {fusion} {metric.Name}");
                            Assert.True(difference <= fragile, $"{where}: {hits.GetProperty(metric.Name)} hits, expected {metric.Value} within {fragile}.");
                            metrics++;
                            exact += difference == 0 ? 1 : 0;
                        }
                    }
                }
            }
        }

        output.WriteLine($"{settings} settings, {metrics} figures, {exact} of them equal to the hit, the others within their fragile queries.");
        Assert.Equal(expectedSettings, settings);
    }

    private static async Task<Dictionary<(string Category, double Alpha, double Beta), JsonElement>> SweepAsync(string dataset, string scoring, string fusion, string cache)
    {
        string root = Path.Combine(RepositoryPaths.TinyFashion, "data", dataset);
        ToolOutcome outcome = await ToolProcess.RunAsync(
            "sweep", "--dataset", dataset, "--root", root, "--model", Path.Combine(RepositoryPaths.TinyFashion, "models", "clip"),
            "--captions", Path.Combine(root, "gallery_captions.json"), "--cache", cache,
            "--alphas", "0,0.25,0.5,0.7,0.75,0.8,0.95,1", "--betas", "0,0.1,0.2,0.3,0.4,0.5,1",
            "--scoring", scoring, "--normalize-inputs", fusion == "unit" ? "true" : "false");
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return outcome.Json.GetProperty("results").EnumerateArray().ToDictionary(
            result => (CategoryOf(result), result.Number("alpha"), result.Number("beta")));
    }

    // CIRR has no categories: the field is null or absent.
    private static string CategoryOf(JsonElement item)
        => item.TryGetProperty("category", out JsonElement category) ? category.GetString() ?? "" : "";
}
