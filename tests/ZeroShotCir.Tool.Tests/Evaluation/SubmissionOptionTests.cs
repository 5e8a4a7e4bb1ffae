using System.Text.Json.Nodes;
using ZeroShotCir.Tests;

namespace ZeroShotCir.Tool.Tests.Evaluation;

public sealed class SubmissionOptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cirr", "CIRR", "test1", "cirr-test1", 2)]
    [InlineData("circo", "CIRCO", "test", "circo-val", 1)]
    public async Task Eval_writes_what_the_test_server_takes(string dataset, string root, string split, string features, int files)
    {
        string expected = RepositoryPaths.Golden("evaluation", "expected", "submissions");
        ToolOutcome outcome = await ToolProcess.RunAsync(
            "eval", "--dataset", dataset, "--root", RepositoryPaths.Golden("datasets", root), "--split", split,
            "--features", RepositoryPaths.Golden("evaluation", "features", features),
            "--alpha", "0.8", "--beta", "0.1", "--scoring", "reference", "--normalize-inputs", "false", "--submission", _folder.Path);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        string[] written = Directory.GetFiles(_folder.Path);
        Assert.Equal(files, written.Length);
        JsonNode[] golden = [.. Directory.GetFiles(expected, "*.json", SearchOption.AllDirectories).Select(file => JsonNode.Parse(File.ReadAllBytes(file))!)];
        Assert.All(written, file => Assert.Contains(golden, node => JsonNode.DeepEquals(node, JsonNode.Parse(File.ReadAllBytes(file)))));
    }

    [Fact]
    public async Task Without_published_targets_and_without_a_submission_there_is_nothing_to_do()
    {
        ToolOutcome outcome = await ToolProcess.RunAsync(
            "eval", "--dataset", "cirr", "--root", RepositoryPaths.Golden("datasets", "CIRR"), "--split", "test1",
            "--features", RepositoryPaths.Golden("evaluation", "features", "cirr-test1"));

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("--submission", outcome.Errors, StringComparison.Ordinal);
    }
}
