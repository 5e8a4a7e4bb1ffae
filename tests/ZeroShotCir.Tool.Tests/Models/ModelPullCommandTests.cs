using System.Collections.ObjectModel;
using ZeroShotCir.Tests;
using ZeroShotCir.Tests.Http;
using ZeroShotCir.Tests.Hub;

namespace ZeroShotCir.Tool.Tests.Models;

public sealed class ModelPullCommandTests : IDisposable
{
    private static readonly string ClipFolder = Path.Combine(RepositoryPaths.TinyFashion, "models", "clip");
    private readonly TemporaryFolder _cache = new();

    public void Dispose() => _cache.Dispose();

    [Fact]
    public async Task A_model_is_downloaded_once_and_can_be_used()
    {
        await using FakeHub hub = FakeHub.FromFolder(ClipFolder);

        ToolOutcome first = await ToolProcess.RunInAsync(Environment(hub), "model", "pull", FakeHub.Repository);
        ToolOutcome second = await ToolProcess.RunInAsync(Environment(hub), "model", "pull", FakeHub.Repository);

        Assert.Equal(0, first.ExitCode);
        string folder = first.Json.GetProperty("folder").GetString()!;
        Assert.Equal(FakeHub.Commit, first.Json.GetProperty("commit").GetString());
        Assert.Contains(folder, first.Output, StringComparison.Ordinal);
        string[] files = [.. first.Json.GetProperty("files").EnumerateArray().Select(file => file.GetString()!)];
        Assert.Equal(files.Sum(file => new FileInfo(Path.Combine(ClipFolder, file)).Length), first.Json.GetProperty("downloaded_bytes").GetInt64());
        Assert.Equal(0, second.Json.GetProperty("downloaded_bytes").GetInt64());

        ToolOutcome inspection = await ToolProcess.RunAsync("model", "inspect", folder);
        ToolOutcome original = await ToolProcess.RunAsync("model", "inspect", ClipFolder);
        Assert.Equal(original.Json.GetRawText(), inspection.Json.GetRawText());
        Assert.False(inspection.Json.GetProperty("unit_length").GetBoolean());
    }

    [Fact]
    public async Task An_interrupted_download_goes_on_where_it_stopped()
    {
        await using FakeHub hub = FakeHub.FromFolder(ClipFolder);
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        string? cut = null;
        hub.Misbehave = request =>
        {
            // The first graph breaks off after a third, and the hub is silent from then on.
            if (request.Method != "GET" || !request.Path.EndsWith(".onnx", StringComparison.Ordinal))
            {
                return null;
            }

            if (cut is null)
            {
                cut = request.Path;
                byte[] whole = File.ReadAllBytes(Path.Combine(ClipFolder, request.Path[(request.Path.IndexOf(FakeHub.Commit, StringComparison.Ordinal) + 41)..]));
                return new LoopbackResponse(200) { Body = whole[..(whole.Length / 3)], AnnouncedLength = whole.Length };
            }

            reached.TrySetResult();
            return new LoopbackResponse(503) { Headers = { ["Retry-After"] = "60" } };
        };

        using (ToolProcess tool = ToolProcess.Start("dotnet", [ToolProcess.Assembly, "model", "pull", FakeHub.Repository], Environment(hub)))
        {
            await reached.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            await tool.KillAsync();
        }

        hub.Misbehave = null;
        ToolOutcome outcome = await ToolProcess.RunInAsync(Environment(hub), "model", "pull", FakeHub.Repository);

        Assert.Equal(0, outcome.ExitCode);
        LoopbackRequest resumed = hub.Requests.Last(request => request.Method == "GET" && request.Path == cut);
        Assert.StartsWith("bytes=", resumed.Headers["Range"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "HF_TOKEN")]
    [InlineData(404, "spelling")]
    public async Task What_the_hub_refuses_is_said_in_one_line(int status, string words)
    {
        await using FakeHub hub = FakeHub.FromFolder(ClipFolder);
        hub.Misbehave = _ => new LoopbackResponse(status);

        ToolOutcome outcome = await ToolProcess.RunInAsync(Environment(hub), "model", "pull", FakeHub.Repository);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal("ModelHubException", outcome.Json.GetProperty("error").GetProperty("type").GetString());
        Assert.Contains(words, Assert.Single(outcome.Errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../etc", null)]
    [InlineData("tiny/model", "q3")]
    public async Task What_cannot_be_a_model_is_bad_usage(string repository, string? variant)
    {
        await using FakeHub hub = FakeHub.FromFolder(ClipFolder);
        string[] more = variant is null ? [] : ["--variant", variant];

        ToolOutcome outcome = await ToolProcess.RunInAsync(Environment(hub), ["model", "pull", repository, .. more]);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Empty(hub.Requests);
    }

    private ReadOnlyDictionary<string, string> Environment(FakeHub hub) => new(new Dictionary<string, string>
    {
        ["HF_ENDPOINT"] = hub.Address.ToString(),
        ["HF_HUB_CACHE"] = _cache.Path,
        ["HF_HUB_OFFLINE"] = "0",
        ["HF_TOKEN"] = "",
        ["HF_TOKEN_PATH"] = _cache.File("no-token"),
    });
}
