using System.Text.Json;
using ZeroShotCir.Tests;
using ZeroShotCir.Tool.Tests.Galleries;
using ZeroShotCir.Tool.Tests.Usage;

namespace ZeroShotCir.Tool.Tests.Encoders;

/// <summary>What a model composes by itself, in every command that searches or measures.</summary>
/// <remarks>The model is TinyFashion's, under the name of one that is asked by the sum of its towers: that sum is also the weighted one of raw embeddings at α 0.5.</remarks>
public sealed class JointCommandTests(ComposingModel composing) : IClassFixture<ComposingModel>, IDisposable
{
    private static readonly string Data = Path.Combine(RepositoryPaths.TinyFashion, "data", "cirr");
    private static readonly string Captions = Path.Combine(Data, "gallery_captions.json");
    private readonly GalleryWorld _world = new();

    private string Cache => composing.Cache;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_sweep_has_no_weight_of_the_text_and_finds_what_the_sum_finds()
    {
        string model = composing.Model;
        string[] source = ["--model", model, "--captions", Captions, "--cache", Cache];
        ToolOutcome sum = await ToolProcess.RunAsync([.. Arguments("sweep", source), "--alphas", "0.5", "--betas", "0,0.1", "--normalize-inputs", "false"]);
        ToolOutcome joint = await ToolProcess.RunAsync([.. Arguments("sweep", source), "--alphas", "0:1:0.5", "--betas", "0,0.1", "--fusion", "joint", "weighted"]);
        Assert.True(sum.ExitCode == 0, sum.Errors);
        Assert.True(joint.ExitCode == 0, joint.Errors);
        JsonElement[] composed = [.. joint.Json.GetProperty("results").EnumerateArray().Where(point => point.GetProperty("fusion").GetString() == "joint")];

        Assert.Equal(2, composed.Length);
        Assert.Equal(2 + 6, joint.Json.GetProperty("results").GetArrayLength());
        Assert.All(composed, point => Assert.Equal(JsonValueKind.Null, point.GetProperty("alpha").ValueKind));
        IEnumerable<string> summed = sum.Json.GetProperty("results").EnumerateArray().Select(point => point.GetProperty("hits").GetRawText());
        Assert.Equal(summed, composed.Select(point => point.GetProperty("hits").GetRawText()));
        Assert.Equal("averaged", joint.Json.GetProperty("manifest").GetProperty("source").GetProperty("model").GetProperty("composition").GetString());
    }

    [Fact]
    public async Task A_comparison_sets_it_beside_the_weighted_sum_of_the_samemodel_and_a_report_does()
    {
        string model = composing.Model;
        ToolOutcome compared = await ToolProcess.RunAsync(Arguments("compare", "--model", model, "--captions", "none", "--fusion", "joint", "--cache", Cache));
        Assert.True(compared.ExitCode == 0, compared.Errors);
        JsonElement[] rows = [.. compared.Json.GetProperty("tables")[0].GetProperty("rows").EnumerateArray()];

        Assert.Equal(["weighted", "joint"], rows.Select(row => row.GetProperty("setting").GetProperty("fusions")[0].GetString()));
        Assert.Contains("the sum of both embeddings", compared.Output, StringComparison.Ordinal);
        string command = rows[1].GetProperty("command").GetString()!;
        Assert.DoesNotContain("--alpha", command, StringComparison.Ordinal);
        string report = _world.Of("report.html");
        ToolOutcome alone = await ToolProcess.RunAsync([.. command.Split(' ')[1..], "--cache", Cache, "--report", report]);
        Assert.True(alone.ExitCode == 0, alone.Errors);
        Assert.Equal(
            rows[1].GetProperty("metrics").GetProperty("R@10").GetProperty("estimate").GetDouble(),
            alone.Json.GetProperty("results")[0].GetProperty("metrics").GetProperty("R@10").GetDouble());
        Assert.Contains("weighted sum of the same model", File.ReadAllText(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_reads_the_reference_from_its_file_or_from_the_gallerys()
    {
        string model = composing.Model;
        string[] names = _world.AddPictures(20);
        Assert.Equal(0, (await ToolProcess.RunAsync("index", _world.Images, "--model", model, "--out", _world.Gallery)).ExitCode);
        ToolOutcome byId = await _world.SearchAsync("--id", names[3], "--text", "in red", "--fusion", "joint", "-k", "20", "--beta", "0");
        ToolOutcome byFile = await _world.SearchAsync("--image", Path.Combine(_world.Images, names[3]), "--text", "in red", "--fusion", "joint", "-k", "20", "--beta", "0");
        Assert.True(byId.ExitCode == 0, byId.Errors);

        Assert.Equal(20, byId.Json.GetProperty("hits").GetArrayLength());
        Assert.Equal(Hits(byId), Hits(byFile));
        Assert.Equal("joint", byId.Json.GetProperty("query").GetProperty("fusion").GetString());
        Assert.Equal(JsonValueKind.Null, byId.Json.GetProperty("query").GetProperty("alpha").ValueKind);
    }

    [Theory]
    [InlineData("search", "nothing is weighed", "--id", "a", "--text", "red", "--alpha", "0.3")]
    [InlineData("eval", "nothing is weighed", "--alpha", "0.3")]
    [InlineData("sweep", "nothing is weighed", "--alphas", "0:1:0.5")]
    [InlineData("compare", "nothing is weighed", "--alpha", "0.3")]
    [InlineData("eval", "encodes them apart")]
    [InlineData("sweep", "encodes them apart")]
    [InlineData("compare", "encodes them apart")]
    public void A_weight_of_the_text_and_amodel_that_keeps_both_apart_are_refused_in_words(string command, string words, params string[] more)
    {
        string[] data = command == "search" ? ["--gallery", _world.Gallery] : ["--dataset", "cirr", "--root", Data, "--model", GalleryWorld.Model];
        ToolOutcome outcome = ToolInside.Run([command, .. data, "--fusion", "joint", .. more]);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(words, outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("--fusion joint", outcome.Errors, StringComparison.Ordinal);
    }

    private static string[] Arguments(string command, params string[] more) => [command, "--dataset", "cirr", "--root", Data, .. more];

    private static string Hits(ToolOutcome outcome) => string.Join(' ', outcome.Json.GetProperty("hits").EnumerateArray()
        .Select(hit => $"{hit.GetProperty("id").GetString()} {hit.GetProperty("score").GetRawText()}"));
}
