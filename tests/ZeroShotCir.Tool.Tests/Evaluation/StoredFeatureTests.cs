using System.Globalization;
using System.Text.Json;
using ZeroShotCir.Tests;

namespace ZeroShotCir.Tool.Tests.Evaluation;

/// <summary><c>cir eval --features</c> on the official annotations, against an independent reference.</summary>
public sealed class StoredFeatureTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("fashioniq", "FashionIQ", "fashioniq-dress-val")]
    [InlineData("cirr", "CIRR", "cirr-val")]
    public async Task Recalls_equal_the_reference(string dataset, string root, string name)
    {
        string features = RepositoryPaths.Golden("evaluation", "features", name);
        JsonElement setting = GoldenJson.Read(RepositoryPaths.Golden("evaluation", "expected", $"{name}.json")).GetProperty("settings").EnumerateArray()
            .First(item => item.Text("scoring") == "reference" && item.Text("fusion") == "unit");

        ToolOutcome outcome = await ToolProcess.RunAsync(
            "eval", "--dataset", dataset, "--root", RepositoryPaths.Golden("datasets", root), "--features", features,
            "--alpha", setting.GetProperty("alpha").GetRawText(), "--beta", setting.GetProperty("beta").GetRawText(),
            "--scoring", "reference", "--normalize-inputs", "true");

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        JsonElement result = outcome.Json.GetProperty("results").EnumerateArray().First();
        int compared = 0;
        foreach (JsonProperty metric in setting.GetProperty("percent").EnumerateObject())
        {
            Assert.Equal(metric.Value.GetDouble(), result.GetProperty("metrics").GetProperty(metric.Name).GetDouble(), 1e-6);
            Assert.Equal(setting.GetProperty("hits").GetProperty(metric.Name).GetInt32(), result.GetProperty("hits").GetProperty(metric.Name).GetInt32());
            compared++;
        }

        Assert.Equal(setting.Number("mrr"), result.GetProperty("metrics").GetProperty("mrr").GetDouble(), 1e-4);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {compared} metrics equal at α {setting.Number("alpha")}, β {setting.Number("beta")}."));
        Assert.True(compared >= 2);
    }
}
