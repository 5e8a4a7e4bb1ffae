using ZeroShotCir.Onnx.Hub;
using ZeroShotCir.Tests.Http;

namespace ZeroShotCir.Tests.Hub;

/// <summary>What a hub may answer that must not reach the disk.</summary>
public sealed class HostileHubTests : IAsyncDisposable
{
    private const string Big = "weights.bin";
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 1_000).Select(i => (byte)i)];
    private static readonly ModelRequest Request = new(FakeHub.Repository) { Files = [Big] };
    private readonly TemporaryFolder _cache = new();
    private readonly FakeHub _server = new(new() { [Big] = Bytes });

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _cache.Dispose();
    }

    [Theory]
    [InlineData("../../evil.onnx")]
    [InlineData("/etc/evil")]
    [InlineData("onnx/../../evil")]
    [InlineData("onnx\\evil")]
    [InlineData("C:evil")]
    [InlineData("onnx//evil")]
    [InlineData("evil\0")]
    [InlineData("")]
    public async Task File_names_that_lead_out_of_the_cache_are_refused(string name)
    {
        _server.Misbehave = _ => FakeHub.Listing(FakeHub.Commit, Big, name);
        using ModelHub hub = new(_server.Options(_cache.Path));
        await ModelHubTests.FailsAsync(hub, Request, ModelHubFailure.InvalidAnswer);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_cache.Path));
    }

    [Fact]
    public async Task Commits_and_checksums_that_lead_out_of_the_cache_are_refused()
    {
        using ModelHub hub = new(_server.Options(_cache.Path));
        _server.Misbehave = _ => FakeHub.Listing("../../../evil", Big);
        await ModelHubTests.FailsAsync(hub, Request, ModelHubFailure.InvalidAnswer);

        _server.Misbehave = request => request.Method != "HEAD" ? null : new LoopbackResponse(200)
        {
            Body = Bytes,
            Headers = { ["X-Repo-Commit"] = FakeHub.Commit, ["X-Linked-Etag"] = "\"../../evil\"" },
        };
        await ModelHubTests.FailsAsync(hub, Request, ModelHubFailure.InvalidAnswer);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_cache.Path));
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"sha": 7, "siblings": []}""")]
    [InlineData("""{"sha": "0123456789abcdef0123456789abcdef01234567", "siblings": [{"name": "x"}]}""")]
    public async Task An_answer_that_is_no_listing_is_refused(string body)
    {
        _server.Misbehave = _ => LoopbackResponse.Json(body);
        using ModelHub hub = new(_server.Options(_cache.Path));
        await ModelHubTests.FailsAsync(hub, Request, ModelHubFailure.InvalidAnswer);
    }
}
