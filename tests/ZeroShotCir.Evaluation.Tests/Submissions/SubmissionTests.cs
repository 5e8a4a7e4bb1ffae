using System.Text.Json.Nodes;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Evaluation.Submissions;

namespace ZeroShotCir.Tests.Submissions;

public sealed class SubmissionTests(ITestOutputHelper output)
{
    [Fact]
    public void The_golden_Cirr_files_are_reproduced()
    {
        using TemporaryFolder folder = new();
        EvaluationRunner runner = GoldenWorld.Runner("cirr-test1");
        IReadOnlyList<QueryRanking> rankings = runner.Rank(GoldenWorld.Setting(0.8, 0.1, "reference", "raw"), CirrSubmission.RecallDepth, TestContext.Current.CancellationToken);
        CirrSubmissionFiles written = CirrSubmission.Write(folder.Path, runner.Dataset, runner.GalleryNames, rankings);
        string golden = RepositoryPaths.Golden("evaluation", "expected", "submissions", "cirr-test1.alpha0.8.beta0.1.reference");
        AssertEqual(Path.Combine(golden, "recall.json"), written.Recall, 4150);
        AssertEqual(Path.Combine(golden, "recall_subset.json"), written.Subset, 4150);
    }

    [Theory]
    [InlineData("circo-test", "paper", 800)]
    [InlineData("circo-test", "reference", 800)]
    [InlineData("circo-val", "reference", 220)]
    public void The_golden_Circo_files_are_reproduced(string name, string scoring, int queries)
    {
        using TemporaryFolder folder = new();
        EvaluationRunner runner = GoldenWorld.Runner(name);
        string path = folder.Of("circo.json");
        CircoSubmission.Write(
            path, runner.Dataset, runner.GalleryNames, runner.Rank(GoldenWorld.Setting(0.8, 0.1, scoring, "raw"), CircoSubmission.Depth, TestContext.Current.CancellationToken));
        AssertEqual(RepositoryPaths.Golden("evaluation", "expected", "submissions", $"{name}.alpha0.8.beta0.1.{scoring}.json"), path, queries);
    }

    [Fact]
    public void A_split_without_targets_cannot_be_measured_here()
    {
        InvalidDatasetException error = Assert.Throws<InvalidDatasetException>(
            () => GoldenWorld.Runner("cirr-test1").Evaluate(new EvaluationSetting(), TestContext.Current.CancellationToken));
        Assert.Contains("not published", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version", "\"rc1\"", "rc2")]
    [InlineData("metric", "\"precision\"", "recall")]
    [InlineData("1", null, "query 1")]
    [InlineData("1", "[\"b\", \"c\"]", "2 images")]
    [InlineData("1", "[\"b\", \"c\", \"c\"]", "2 of them different")]
    [InlineData("1", "[\"b\", \"c\", \"a\"]", "reference 'a'")]
    [InlineData("1", "[\"b\", \"c\", \"x\"]", "'x'")]
    [InlineData("1", "[\"b\", \"c\", 4]", "list of names")]
    [InlineData("2", "[]", "2 queries")]
    public void A_Cirr_file_that_breaks_a_rule_is_refused(string key, string? value, string part)
    {
        EvaluationDataset dataset = new(
            "cirr",
            "test1",
            [.. "abcde".Select(name => new GalleryImage($"{name}", "x.png"))],
            [new EvaluationQuery("1", "a", ["x"]) { Subset = ["b", "c", "d"] }]);
        JsonObject good = new() { ["version"] = "rc2", ["metric"] = "recall_subset", ["1"] = new JsonArray("b", "c", "d") };
        using TemporaryFolder folder = new();
        CirrSubmission.Validate(folder.Write(good.ToJsonString(), "good.json"), dataset);
        if (value is null)
        {
            good.Remove(key);
        }
        else
        {
            good[key] = JsonNode.Parse(value);
        }

        InvalidDatasetException error = Assert.Throws<InvalidDatasetException>(() => CirrSubmission.Validate(folder.Write(good.ToJsonString(), "bad.json"), dataset));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"0\": [1, 2]}", "2 images")]
    [InlineData("{\"1\": []}", "query 0")]
    [InlineData("{\"0\": [1.5]}", "image ids")]
    [InlineData("[]", "JSON object")]
    [InlineData("{", "valid JSON")]
    public void A_Circo_file_that_breaks_a_rule_is_refused(string content, string part)
    {
        EvaluationDataset dataset = new("circo", "test", [], [new EvaluationQuery("0", "1", ["x"])]);
        using TemporaryFolder folder = new();
        InvalidDatasetException error = Assert.Throws<InvalidDatasetException>(() => CircoSubmission.Validate(folder.Write(content, "bad.json"), dataset));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    private void AssertEqual(string expected, string actual, int keys)
    {
        JsonNode golden = JsonNode.Parse(File.ReadAllText(expected))!;
        Assert.True(JsonNode.DeepEquals(golden, JsonNode.Parse(File.ReadAllText(actual))), $"{actual} differs from {expected}.");
        Assert.Equal(keys, golden.AsObject().Count);
        output.WriteLine($"{Path.GetFileName(expected)}: {keys} keys equal");
    }
}
