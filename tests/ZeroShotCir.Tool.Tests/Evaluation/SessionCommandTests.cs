using System.Text.Json;
using ZeroShotCir.Tests;

namespace ZeroShotCir.Tool.Tests.Evaluation;

/// <summary><c>cir eval --dataset circled</c>: sessions, with the ways to use their history as an option.</summary>
public sealed class SessionCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("last-turn", "none")]
    [InlineData("mean-of-queries", "references")]
    public async Task Sessions_equal_the_reference(string history, string exclude)
    {
        string circled = RepositoryPaths.Golden("strategies", "circled");
        ToolOutcome outcome = await ToolProcess.RunAsync(
        [
            "eval", "--dataset", "circled", "--root", circled, "--category", "cirr_val", "--gallery-root", RepositoryPaths.Golden("datasets"),
            "--features", Path.Combine(circled, "features"), "--gallery-features", RepositoryPaths.Golden("evaluation", "features"),
            "--alpha", "0.6", "--beta", "0", "--history", history, .. exclude == "references" ? ["--exclude-references"] : Array.Empty<string>(),
        ]);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        JsonElement golden = GoldenJson.Read(Path.Combine(circled, "expected.cirr_val.json")).GetProperty("results").EnumerateArray()
            .Single(result => result.GetProperty("setting").Text("query") == history && result.GetProperty("setting").Text("exclude") == exclude);
        JsonElement found = Assert.Single(outcome.Json.GetProperty("results").EnumerateArray());
        JsonElement sessions = found.GetProperty("sessions");
        Assert.Equal((40, 119, history), (sessions.GetProperty("sessions").GetInt32(), found.GetProperty("queries").GetInt32(), sessions.GetProperty("history").GetString()));
        Assert.Equal(golden.Number("auc"), sessions.Number("auc"), 1e-6);
        Assert.Equal(Within(golden), Within(sessions), 1e-6);
        foreach (string metric in (string[])["R@1", "R@5", "R@10", "R@50"])
        {
            Assert.Equal(golden.GetProperty("final_turn").Number(metric), found.GetProperty("metrics").Number(metric), 1e-6);
            Assert.Equal(golden.GetProperty("all_turns").Number(metric), sessions.GetProperty("all_turns").GetProperty("metrics").Number(metric), 1e-6);
        }
    }

    /// <summary>Three pictures on the axes: the second turn's text leads astray, and the mean of both finds the answer.</summary>
    [Fact]
    public async Task A_history_is_an_option()
    {
        _folder.Write(
            """
            [{"session_id":"s","ground_truth_ids":["c"],"num_turns":2,
              "turns":[{"turn":1,"reference_image_id":"a","relative_caption":"c"},{"turn":2,"reference_image_id":"b","relative_caption":"b"}]}]
            """, "fashioniq_dress_val.json");
        _folder.Write("""["a","b","c"]""", "FashionIQ", "image_splits", "split.dress.val.json");
        _folder.Write("""[{"candidate":"a","target":"b","captions":["x","y"]}]""", "FashionIQ", "captions", "cap.dress.val.json");
        _folder.Write("""{"dataset":"circled","subset":"fashioniq_dress_val","dim":3,"turns":2,"files":{"text":"text.f32"}}""", "texts", "features.json");
        _folder.Write(
            """
            {"dataset":"fashioniq","split":"val","category":"dress","dim":3,"gallery":3,"queries":1,
             "files":{"gallery_names":"names.json","image":"image.f32","text":"text.f32"}}
            """, "images", "features.json");
        _folder.Write("""["a","b","c"]""", "images", "names.json");
        Floats([1, 0, 0, 0, 1, 0, 0, 0, 1], "images", "image.f32");
        Floats([0, 0, 1], "images", "text.f32");
        Floats([0, 0, 1, 0, 0.8f, 0.6f], "texts", "text.f32");

        Assert.Equal((100.0, 0.0), await MeasureAsync("last-turn"));
        Assert.Equal((100.0, 100.0), await MeasureAsync("mean-of-texts"));

        async Task<(double First, double Last)> MeasureAsync(string history)
        {
            ToolOutcome outcome = await ToolProcess.RunAsync(
                "eval", "--dataset", "circled", "--root", _folder.Path, "--gallery-root", _folder.Path,
                "--features", _folder.Of("texts"), "--gallery-features", _folder.Of("images"), "--alpha", "0.9", "--history", history);
            Assert.True(outcome.ExitCode == 0, outcome.Errors);
            JsonElement[] turns = [.. outcome.Json.GetProperty("results")[0].GetProperty("sessions").GetProperty("per_turn").EnumerateArray()];
            return (turns[0].GetProperty("metrics").Number("R@1"), turns[1].GetProperty("metrics").Number("R@1"));
        }
    }

    /// <summary>Every subset's figures, and their mean, each subset alike.</summary>
    [Fact]
    public async Task Subsets_have_an_average()
    {
        string circled = RepositoryPaths.Golden("strategies", "circled");
        ToolOutcome outcome = await ToolProcess.RunAsync(
            "eval", "--dataset", "circled", "--root", circled, "--gallery-root", RepositoryPaths.Golden("datasets"),
            "--features", Path.Combine(circled, "features"), "--gallery-features", RepositoryPaths.Golden("evaluation", "features"), "--alpha", "0.6", "--beta", "0");

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        JsonElement[] results = [.. outcome.Json.GetProperty("results").EnumerateArray()], subsets = results[..^1];
        Assert.True(subsets.Length > 1);
        Assert.Equal("average", results[^1].Text("category"));
        Assert.Equal(subsets.Average(subset => subset.GetProperty("sessions").Number("auc")), results[^1].GetProperty("sessions").Number("auc"), 1e-9);
        Assert.Equal(subsets.Average(subset => subset.GetProperty("metrics").Number("R@10")), results[^1].GetProperty("metrics").Number("R@10"), 1e-9);
        Assert.Equal(subsets.Sum(subset => subset.GetProperty("hits").Number("R@10")), results[^1].GetProperty("hits").Number("R@10"));
    }

    /// <summary>The same three pictures as a data set of one's own, in stored embeddings of its lines, which stand in another order than the turns.</summary>
    [Fact]
    public async Task A_data_set_of_ones_own_has_sessions()
    {
        _folder.Write("a\nb\nc\n", "gallery.txt");
        _folder.Write(
            """
            {"session": "s", "turn": 2, "reference": "b", "text": "b", "targets": ["c"]}
            {"session": "s", "turn": 1, "reference": "a", "text": "c", "targets": ["c"]}
            """, "queries.jsonl");
        _folder.Write(
            """
            {"dataset":"queries","split":"val","dim":3,"gallery":3,"queries":2,
             "files":{"gallery_names":"names.json","image":"image.f32","text":"text.f32"}}
            """, "features", "features.json");
        _folder.Write("""["a","b","c"]""", "features", "names.json");
        Floats([1, 0, 0, 0, 1, 0, 0, 0, 1], "features", "image.f32");
        Floats([0, 0.8f, 0.6f, 0, 0, 1], "features", "text.f32");

        Assert.Equal((100.0, 0.0), await MeasureAsync("last-turn"));
        Assert.Equal((100.0, 100.0), await MeasureAsync("mean-of-texts"));

        async Task<(double First, double Last)> MeasureAsync(string history)
        {
            ToolOutcome outcome = await ToolProcess.RunAsync(
                "eval", "--dataset", "queries", "--root", _folder.Path, "--features", _folder.Of("features"), "--alpha", "0.9", "--history", history);
            Assert.True(outcome.ExitCode == 0, outcome.Errors);
            JsonElement[] turns = [.. outcome.Json.GetProperty("results")[0].GetProperty("sessions").GetProperty("per_turn").EnumerateArray()];
            return (turns[0].GetProperty("metrics").Number("R@1"), turns[1].GetProperty("metrics").Number("R@1"));
        }
    }

    [Theory]
    [InlineData("--gallery-root DIR", "eval", "--dataset", "circled", "--root", ".", "--features", ".")]
    [InlineData("--history is for sessions", "eval", "--dataset", "cirr", "--root", ".", "--features", ".", "--history", "fading")]
    [InlineData("'forgetful' is not known", "eval", "--dataset", "circled", "--root", ".", "--gallery-root", ".", "--features", ".", "--history", "forgetful")]
    [InlineData("--labels is for single queries", "eval", "--dataset", "circled", "--root", ".", "--gallery-root", ".", "--features", ".", "--labels", "x")]
    public async Task Options_that_do_not_go_together_are_named(string said, params string[] arguments)
    {
        ToolOutcome outcome = await ToolProcess.RunAsync(arguments);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(said, outcome.Errors, StringComparison.Ordinal);
    }

    private static double Within(JsonElement result) => result.GetProperty("hits_at_10_within_turns").EnumerateArray().Last().GetDouble();

    private void Floats(float[] values, params string[] parts) => File.WriteAllBytes(_folder.Of(parts), [.. values.SelectMany(BitConverter.GetBytes)]);
}
