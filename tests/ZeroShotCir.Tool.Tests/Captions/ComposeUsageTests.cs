using ZeroShotCir.Tests;
using ZeroShotCir.Tool.Tests.Usage;

namespace ZeroShotCir.Tool.Tests.Captions;

/// <summary>Options of descriptions and verdicts that would be ignored; refused before anything is read, so that no process is needed.</summary>
[Collection(WholeConsole.Name)]
public sealed class ComposeUsageTests
{
    [Theory]
    [InlineData("--verdicts is for", "eval", "--verdicts", "x.jsonl")]
    [InlineData("needs --verdicts", "eval", "--verifier", "openai:x")]
    [InlineData("--retries is for chat models", "eval", "--retries", "3")]
    [InlineData("--verify-top is for chat models", "eval", "--verify-top", "3")]
    [InlineData("--verify-by is for chat models", "eval", "--verify-by", "grid")]
    [InlineData("--dry-run is for chat models", "eval", "--dry-run")]
    [InlineData("None of the fusions reads", "eval", "--composition", "x.jsonl")]
    [InlineData("expected openai:MODEL", "compose", "--composer", "onnx:x", "--out", "x.jsonl")]
    [InlineData("needs the captions", "compose", "--composer", "openai:x", "--out", "x.jsonl", "--from", "captions")]
    [InlineData("--captions is for", "compose", "--composer", "openai:x", "--out", "x.jsonl", "--captions", "x.jsonl")]
    public void Arguments_that_would_be_ignored_are_refused(string expected, string command, params string[] arguments)
    {
        string[] model = command == "eval" ? ["--model", Path.Combine(RepositoryPaths.TinyFashion, "models", "clip")] : [];
        ToolOutcome outcome = ToolInside.Run([command, "--dataset", "cirr", "--root", Path.Combine(RepositoryPaths.TinyFashion, "data", "cirr"), .. model, .. arguments]);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(expected, outcome.Errors, StringComparison.Ordinal);
    }
}
