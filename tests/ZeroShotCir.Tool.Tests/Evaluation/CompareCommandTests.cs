using System.Globalization;
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

    [Fact]
    public async Task Several_data_sets_stand_in_one_page_each_with_its_own_captions()
    {
        string report = _dataset.File("comparison.html");
        string own = WriteOwn();

        ToolOutcome outcome = await ToolProcess.RunAsync(
            "compare", "--dataset", "cirr", "queries", "--root", _dataset.Root, own, "--model", Path.Combine(RepositoryPaths.TinyFashion, "models", "clip"),
            "--captions", "none", $"cirr={_dataset.Captions}", "--fusion", "weighted", "slerp", "--report", report);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        JsonElement[] tables = [.. outcome.Json.GetProperty("tables").EnumerateArray()];
        Assert.Equal(["cirr", "queries"], tables.Select(table => table.GetProperty("dataset").GetString()));
        Assert.Equal([4, 2], tables.Select(table => table.GetProperty("rows").GetArrayLength()));
        Assert.All(tables, table => Assert.All(table.GetProperty("rows").EnumerateArray(), row => Assert.DoesNotContain(
            table.GetProperty("dataset").GetString() == "cirr" ? own : _dataset.Root, row.GetProperty("command").GetString()!, StringComparison.Ordinal)));

        string page = await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken);
        Assert.Contains("All data sets", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", page, StringComparison.Ordinal);
        Assert.All(tables, table => Assert.All(table.GetProperty("rows").EnumerateArray(), row =>
        {
            double figure = row.GetProperty("metrics").GetProperty("R@1").GetProperty("estimate").GetDouble();
            Assert.Contains($"<b>{figure.ToString("0.0", CultureInfo.InvariantCulture)}</b>", page, StringComparison.Ordinal);
        }));
    }

    // Three queries over the first pictures: a data set of one's own.
    private string WriteOwn()
    {
        string folder = _dataset.File("own");
        Directory.CreateDirectory(Path.Combine(folder, "images"));
        string[] names = [.. _dataset.Images.Take(8).Select((image, i) =>
        {
            File.Copy(image, Path.Combine(folder, "images", $"{i}.png"));
            return $"{i}.png";
        })];
        File.WriteAllLines(
            Path.Combine(folder, "queries.jsonl"),
            Enumerable.Range(0, 3).Select(i => $$"""{"reference": "{{names[i]}}", "text": "is red", "targets": ["{{names[i + 4]}}"]}"""));
        return folder;
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
    [InlineData("2 data sets and 1 folders", "--dataset", "cirr", "circo", "--root", "a")]
    [InlineData("2 data sets and 3 splits", "--dataset", "cirr", "circo", "--root", "a", "b", "--split", "val", "val", "test")]
    [InlineData("--category is of one data set", "--dataset", "cirr", "fashioniq", "--root", "a", "b", "--category", "dress")]
    [InlineData("--save-labels is of one data set", "--dataset", "cirr", "circo", "--root", "a", "b", "--save-labels", "labels.json")]
    [InlineData("write --captions fashioniq=captions.json", "--captions", "captions.json")]
    [InlineData("--captions names 'circo', which is not compared", "--captions", "circo=captions.json")]
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
