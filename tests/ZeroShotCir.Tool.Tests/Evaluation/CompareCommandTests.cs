using System.Text.Json;
using ZeroShotCir.Tests;

namespace ZeroShotCir.Tool.Tests.Evaluation;

public sealed class CompareCommandTests : IDisposable
{
    private readonly CopiedDataset _dataset = new();

    public void Dispose() => _dataset.Dispose();

    [Fact]
    public async Task Every_row_is_what_its_command_prints()
    {
        ToolOutcome outcome = await ToolProcess.RunAsync(_dataset.Arguments(
            "compare", "--captions", "none", _dataset.Captions, "--fusion", "weighted", "slerp", "--alpha", "0.7", "--cache", _dataset.Cache));

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        JsonElement table = Assert.Single(outcome.Json.GetProperty("tables").EnumerateArray());
        JsonElement[] rows = [.. table.GetProperty("rows").EnumerateArray()];
        Assert.Equal(4, rows.Length);
        Assert.Empty(rows[0].GetProperty("against_first").EnumerateObject());
        foreach (JsonElement row in rows)
        {
            string command = row.GetProperty("command").GetString()!;
            Assert.Contains(command, outcome.Output, StringComparison.Ordinal);
            ToolOutcome alone = await ToolProcess.RunAsync([.. command.Split(' ')[1..], "--cache", _dataset.Cache]);
            Assert.True(alone.ExitCode == 0, alone.Errors);
            JsonElement metrics = alone.Json.GetProperty("results")[0].GetProperty("metrics");
            Assert.Equal(10, metrics.EnumerateObject().Count());
            Assert.All(metrics.EnumerateObject(), metric => Assert.Equal(
                metric.Value.GetDouble(), row.GetProperty("metrics").GetProperty(metric.Name).GetProperty("estimate").GetDouble()));
        }

        // The difference is that of the figures, and the p-value that of its wins and losses.
        JsonElement first = rows[0].GetProperty("metrics").GetProperty("R@1");
        JsonElement comparison = rows[2].GetProperty("against_first").GetProperty("R@1");
        Assert.Equal(
            rows[2].GetProperty("metrics").GetProperty("R@1").GetProperty("estimate").GetDouble() - first.GetProperty("estimate").GetDouble(),
            comparison.GetProperty("difference").GetProperty("estimate").GetDouble(),
            1e-9);
        Assert.Equal(SignTest(comparison.GetProperty("wins").GetInt32(), comparison.GetProperty("losses").GetInt32()), comparison.GetProperty("p_value").GetDouble(), 1e-9);
    }

    private static IEnumerable<int> Dimensions(params string[] models)
        => models.Select(model => GoldenJson.Read(Path.Combine(model, "expected.json")).GetProperty("dimensions").GetInt32());

    [Fact]
    public async Task Models_of_any_family_stand_side_by_side_on_the_built_in_world()
    {
        string clip = RepositoryPaths.Golden("models", "clip-split");
        string siglip = RepositoryPaths.Golden("models", "siglip-split");
        ToolOutcome outcome = await ToolProcess.RunAsync("compare", "--model", clip, siglip, "--captions", "none");

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        JsonElement[] tables = [.. outcome.Json.GetProperty("tables").EnumerateArray()];
        Assert.Equal(["fashioniq", "cirr"], tables.Select(table => table.GetProperty("dataset").GetString()));
        Assert.All(tables, table =>
        {
            IEnumerable<JsonElement> models = table.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("source").GetProperty("model"));
        Assert.Equal(Dimensions(clip, siglip), models.Select(model => model.GetProperty("dimensions").GetInt32()));
            Assert.All(table.GetProperty("rows").EnumerateArray(), row => Assert.InRange(row.GetProperty("bytes").GetInt64(), 10_000, 400_000));
        });
    }

    [Theory]
    [InlineData("--split needs both", "--split", "test1")]
    [InlineData("--beta weighs captions", "--captions", "none", "--beta", "0.2")]
    [InlineData("is not known", "--fusion", "slerpp")]
    [InlineData("expected a number from 0 to 1", "--alpha", "1.5")]
    public async Task What_would_be_ignored_or_cannot_be_is_bad_usage(string message, params string[] arguments)
    {
        ToolOutcome outcome = await ToolProcess.RunAsync(["compare", .. arguments]);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, outcome.Errors, StringComparison.Ordinal);
    }

    private static double SignTest(int wins, int losses)
    {
        int trials = wins + losses;
        double tail = 0;
        for (int k = 0; k <= Math.Min(wins, losses); k++)
        {
            double ways = 1;
            for (int i = 1; i <= k; i++)
            {
                ways *= (double)(trials - k + i) / i;
            }

            tail += ways * Math.Pow(0.5, trials);
        }

        return Math.Min(1, 2 * tail);
    }
}
