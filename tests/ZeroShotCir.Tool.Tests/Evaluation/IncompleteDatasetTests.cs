using System.Text.Json;

namespace ZeroShotCir.Tool.Tests.Evaluation;

/// <summary>A data set with three missing and two corrupt images.</summary>
public sealed class IncompleteDatasetTests : IDisposable
{
    private readonly CopiedDataset _dataset = new();
    private readonly string[] _missing;
    private readonly string[] _corrupt;

    public IncompleteDatasetTests()
    {
        string[] images = _dataset.Images;
        string[] gone = [images[7], images[150], images[300]];
        string[] bad = [images[42], images[222]];
        Assert.All(gone, File.Delete);
        File.WriteAllText(bad[0], "not a picture");
        File.WriteAllBytes(bad[1], File.ReadAllBytes(bad[1])[..100]);
        _missing = [.. gone.Select(path => Path.GetFileNameWithoutExtension(path))];
        _corrupt = [.. bad.Select(path => Path.GetFileNameWithoutExtension(path))];
    }

    public void Dispose() => _dataset.Dispose();

    [Theory]
    [InlineData("eval")]
    [InlineData("sweep", "--alphas", "0,1")]
    [InlineData("compare")]
    public async Task Without_leave_every_command_refuses_and_says_what_to_do(params string[] command)
    {
        ToolOutcome outcome = await ToolProcess.RunAsync(_dataset.Arguments(command[0], command[1..]));

        Assert.Equal(1, outcome.ExitCode);
        string message = outcome.Json.GetProperty("error").GetProperty("message").GetString()!;
        Assert.Contains("5 of 432 images", message, StringComparison.Ordinal);
        Assert.Contains("--allow-missing", message, StringComparison.Ordinal);
        Assert.Contains("cir dataset check", message, StringComparison.Ordinal);
        Assert.Single(outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("eval")]
    [InlineData("sweep", "--alphas", "0,1")]
    [InlineData("compare")]
    public async Task With_leave_every_command_goes_on_and_says_so_in_every_output(params string[] command)
    {
        string report = _dataset.File("report.html");
        string[] more = command[0] == "compare" ? ["--allow-missing"] : ["--allow-missing", "--report", report];
        ToolOutcome outcome = await ToolProcess.RunAsync([.. _dataset.Arguments(command[0], command[1..]), .. more]);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        JsonElement coverage = command[0] == "compare"
            ? outcome.Json.GetProperty("tables")[0].GetProperty("coverage")[0]
            : outcome.Json.GetProperty("manifest").GetProperty("coverage")[0];
        Assert.False(coverage.GetProperty("complete").GetBoolean());
        Assert.Equal(_missing, Names(coverage, "missing").Order(StringComparer.Ordinal));
        Assert.Equal(_corrupt, Names(coverage, "corrupt").Order(StringComparer.Ordinal));
        Assert.Equal((427, 432), (coverage.GetProperty("gallery").GetInt32(), coverage.GetProperty("gallery_annotated").GetInt32()));
        HashSet<string> unusable = [.. _missing, .. _corrupt];
        Assert.Equal(_dataset.Queries.Count(query => !unusable.Contains(query.Reference) && !unusable.Contains(query.Target)), coverage.GetProperty("queries").GetInt32());
        Assert.Contains("incomplete", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("3 missing, 2 corrupt", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(5, outcome.Errors.Split('\n').Count(line => line.StartsWith("warning:", StringComparison.Ordinal)));
        if (command[0] != "compare")
        {
            string page = await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken);
            Assert.All(unusable, name => Assert.Contains(name, page, StringComparison.Ordinal));
            Assert.Contains("left out", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_check_lists_every_image_and_fails()
    {
        ToolOutcome outcome = await ToolProcess.RunAsync("dataset", "check", "--dataset", "cirr", "--root", _dataset.Root, "--captions", _dataset.Captions);

        Assert.Equal(1, outcome.ExitCode);
        Assert.False(outcome.Json.GetProperty("complete").GetBoolean());
        JsonElement found = Assert.Single(outcome.Json.GetProperty("datasets").EnumerateArray());
        Assert.Equal((432, 3, 2), (found.GetProperty("images").GetInt32(), found.GetProperty("missing").GetInt32(), found.GetProperty("corrupt").GetInt32()));
        Assert.Equal(
            [.. _missing.Select(name => ("missing", name)), .. _corrupt.Select(name => ("corrupt", name))],
            found.GetProperty("problems").EnumerateArray()
                .Select(problem => (Kind: problem.GetProperty("kind").GetString()!, Name: problem.GetProperty("name").GetString()!))
                .OrderByDescending(problem => problem.Kind).ThenBy(problem => problem.Name, StringComparer.Ordinal));
        Assert.Equal(432, found.GetProperty("captioned").GetInt32());
        Assert.Contains("5 of 432 images cannot be used", outcome.Errors, StringComparison.Ordinal);
    }

    private static string[] Names(JsonElement coverage, string kind) => [.. coverage.GetProperty(kind).EnumerateArray().Select(name => name.GetString()!)];

    [Fact]
    public async Task A_folder_that_lies_elsewhere_is_one_line_without_advice_that_does_not_help()
    {
        string images = Path.Combine(_dataset.Root, "img_raw"), moved = Path.Combine(_dataset.Root, "elsewhere");
        Directory.Move(images, moved);

        foreach (string command in (string[])["check", "eval"])
        {
            ToolOutcome outcome = command == "check"
                ? await ToolProcess.RunAsync(["dataset", .. _dataset.Arguments("check")[..^2]])
                : await ToolProcess.RunAsync([.. _dataset.Arguments("eval"), "--allow-missing"]);

            Assert.Equal(1, outcome.ExitCode);
            string line = Assert.Single(outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.Contains($"The folder '{images}' does not exist; ", line, StringComparison.Ordinal);
            Assert.Contains($"They lie in '{moved}'", line, StringComparison.Ordinal);
            Assert.DoesNotContain("--allow-missing", line, StringComparison.Ordinal);
        }
    }
}
