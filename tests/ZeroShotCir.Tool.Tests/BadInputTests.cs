using ZeroShotCir.Tests;

namespace ZeroShotCir.Tool.Tests;

/// <summary>Bad input ends in an exit code and one line that says what was given, what was expected and what to do.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Clip => Path.Combine(RepositoryPaths.TinyFashion, "models", "clip");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("evil --json x", "eval")]
    [InlineData("eval --dataset fashioniq --root . --modell x", "--model")]
    [InlineData("eval --dataset fashioniq --root . --model . --alpha 1.5", "1.5")]
    [InlineData("eval --dataset fashioniq --root . --model . --alpha high", "high")]
    [InlineData("eval --dataset marsiq --root . --model .", "marsiq")]
    [InlineData("eval --dataset fashioniq --root .", "--model")]
    [InlineData("tokenize --model .", "--texts")]
    [InlineData("tokenize --model . --texts x --threads many", "many")]
    [InlineData("tokenize --model . --texts x --orientation apply", "--orientation")]
    [InlineData("tokenize --model . --texts x --decoder skia", "--decoder")]
    [InlineData("compare --model . --alpha high", "high")]
    [InlineData("compare --model . --alpha 7", "7")]
    [InlineData("caption --images . --captioner onnx:. --out x --max-tokens 0", "'0'")]
    [InlineData("caption --images . --captioner openai:m --out x --temperature hot", "hot")]
    [InlineData("embed --model . --out x", "--images")]
    [InlineData("preprocess --model . --out x", "IMAGE")]
    [InlineData("sweep --dataset fashioniq --root . --model . --alphas 0:1:0", "--alphas")]
    [InlineData("sweep --dataset fashioniq --root . --model . --alphas 0:2:0.5", "1.5")]
    public async Task Bad_usage_is_one_line_and_exit_code_2(string commandLine, string named)
        => AssertOneLine(await EndOf(commandLine.Split(' ')), 2, named);

    [Theory]
    [InlineData("gallery", "info, list, verify, compact, merge, push, project, remove, export, import")]
    [InlineData("model", "inspect, pull")]
    public async Task A_group_of_commands_names_them(string group, string commands)
    {
        ToolOutcome outcome = await ToolProcess.RunAsync(group);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains($"'cir {group}' needs a command: {commands}.", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_model_folder_is_named()
        => AssertOneLine(await EndOf("tokenize", "--model", _folder.File("nowhere"), "--texts", _folder.Write("""{"text":"a"}""", "t.jsonl")), 1, "nowhere");

    [Fact]
    public async Task Text_lines_that_are_no_json_are_named_by_line()
        => AssertOneLine(await EndOf("tokenize", "--model", Clip, "--texts", _folder.Write("{\"text\":\"a\"}\n{\"text\":", "t.jsonl")), 1, "2");

    [Fact]
    public async Task An_unknown_split_is_told_from_those_that_are_there()
    {
        string root = Path.Combine(RepositoryPaths.TinyFashion, "data", "fashioniq");

        ToolOutcome outcome = await EndOf("eval", "--dataset", "fashioniq", "--root", root, "--split", "test", "--model", Clip);

        AssertOneLine(outcome, 1, "dress.test.json");
        AssertOneLine(outcome, 1, "dress.val.json");
        AssertOneLine(outcome, 1, "check the split");
    }

    [Fact]
    public async Task Missing_text_file_is_named()
        => AssertOneLine(await EndOf("tokenize", "--model", Clip, "--texts", _folder.File("absent.jsonl")), 1, "absent.jsonl");

    [Fact]
    public async Task Folder_without_a_picture_is_named()
        => AssertOneLine(await EndOf(
            "embed", "--model", Clip, "--images", Path.GetDirectoryName(_folder.Write("x", "empty", "note.txt"))!, "--out", _folder.File("e.safetensors")), 1, "empty");

    [Fact]
    public async Task Pictures_that_are_none_are_reported_and_the_others_embedded()
    {
        string images = _folder.File("images");
        Directory.CreateDirectory(images);
        string[] good = [.. Directory.EnumerateFiles(Path.Combine(RepositoryPaths.TinyFashion, "data", "fashioniq", "images")).Order(StringComparer.Ordinal).Take(3)];
        foreach (string file in good)
        {
            File.Copy(file, Path.Combine(images, Path.GetFileName(file)));
        }

        File.WriteAllBytes(Path.Combine(images, "cut.png"), File.ReadAllBytes(good[0])[..200]);
        File.WriteAllText(Path.Combine(images, "text.jpg"), "no picture");
        File.WriteAllBytes(Path.Combine(images, "empty.png"), []);

        ToolOutcome outcome = await ToolProcess.RunAsync("embed", "--model", Clip, "--images", images, "--out", _folder.File("e.safetensors"));

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.Equal(3, outcome.Json.GetProperty("count").GetInt32());
        IEnumerable<string?> failed = outcome.Json.GetProperty("failed").EnumerateArray().Select(file => Path.GetFileName(file.Text("file")));
        Assert.Equal(["cut.png", "empty.png", "text.jpg"], failed.Order(StringComparer.Ordinal));
        Assert.All(outcome.Json.GetProperty("failed").EnumerateArray(), failed => Assert.NotEmpty(failed.Text("error")));
    }

    [Fact]
    public async Task Malformed_annotations_are_named()
    {
        _folder.Write("""[{"candidate": "a"}""", "data", "captions", "cap.dress.val.json");
        _folder.Write("[]", "data", "image_splits", "split.dress.val.json");
        AssertOneLine(await EndOf("eval", "--dataset", "fashioniq", "--root", _folder.File("data"), "--category", "dress", "--model", Clip), 1, "cap.dress.val.json");
    }

    [Fact]
    public async Task Missing_annotations_are_named()
        => AssertOneLine(await EndOf("eval", "--dataset", "cirr", "--root", Path.GetDirectoryName(_folder.Write("", "none", "x"))!, "--model", Clip), 1, "cap.rc2.val.json");

    private async Task<ToolOutcome> EndOf(params string[] arguments)
    {
        if (arguments.Contains("--json"))
        {
            using ToolProcess tool = ToolProcess.Start(arguments);
            return await tool.EndAsync();
        }

        ToolOutcome outcome = await ToolProcess.RunAsync(arguments);
        // The document says why the run failed, too.
        Assert.NotEmpty(outcome.Json.GetProperty("error").Text("message"));
        return outcome;
    }

    private static void AssertOneLine(ToolOutcome outcome, int exitCode, string named)
    {
        // What was left out is a note of its own.
        string[] lines = [.. outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("note: ", StringComparison.Ordinal))];
        Assert.True(lines.Length == 1, $"Expected one line on stderr, found: {outcome.Errors}");
        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Contains(named, lines[0], StringComparison.Ordinal);
    }
}
