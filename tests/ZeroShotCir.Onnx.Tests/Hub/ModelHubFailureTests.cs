using ZeroShotCir.Onnx.Hub;
using ZeroShotCir.Tests.Http;

namespace ZeroShotCir.Tests.Hub;

/// <summary>What a network, a server and a disk can do to a download.</summary>
public sealed class ModelHubFailureTests : IAsyncDisposable
{
    private const string Big = "weights.bin";
    private static readonly byte[] Bytes = RandomBytes(1_000_000);
    private static readonly ModelRequest Request = new(FakeHub.Repository) { Files = [Big] };
    private readonly TemporaryFolder _cache = new();
    private readonly FakeHub _server = new(new() { [Big] = Bytes });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Blob => Path.Combine(_cache.Path, "models--tiny--model", "blobs", FakeHub.ETag(Bytes));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _cache.Dispose();
    }

    [Fact]
    public async Task Dropped_connections_are_resumed_where_they_broke()
    {
        // More drops than retries are allowed in a row: every one of them brought something.
        int drops = 8;
        _server.Misbehave = request => IsDownload(request) && drops-- > 0 ? _server.Answer(request) with { DropAfter = 100_000 } : null;
        using ModelHub hub = new(_server.Options(_cache.Path));

        ModelDownload model = await hub.DownloadAsync(Request, null, Token);

        Assert.Equal(Bytes, File.ReadAllBytes(Path.Combine(model.Folder, Big)));
        Assert.Equal(Bytes.Length, model.DownloadedBytes);
        Assert.Equal(9, _server.Downloads(Big));
    }

    [Fact]
    public async Task A_server_that_does_not_resume_is_begun_again()
    {
        bool first = true;
        _server.Misbehave = request =>
        {
            if (!IsDownload(request))
            {
                return null;
            }

            LoopbackResponse whole = new(200) { Body = Bytes };
            bool drop = first;
            first = false;
            return drop ? whole with { DropAfter = 100_000 } : whole;
        };
        using ModelHub hub = new(_server.Options(_cache.Path));

        Assert.Equal(Bytes, File.ReadAllBytes(Path.Combine((await hub.DownloadAsync(Request, null, Token)).Folder, Big)));
    }

    [Fact]
    public async Task A_cancelled_download_goes_on_in_the_next_call()
    {
        using CancellationTokenSource cancel = new();
        using ModelHub hub = new(_server.Options(_cache.Path));
        _server.Misbehave = request => IsDownload(request) && !cancel.IsCancellationRequested ? _server.Answer(request) with { DropAfter = 400_000 } : null;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => hub.DownloadAsync(Request, new Canceller(cancel), cancel.Token));
        long kept = new FileInfo(Blob + ".incomplete").Length;

        ModelDownload model = await hub.DownloadAsync(Request, null, Token);

        Assert.True(kept > 0);
        Assert.Equal(Bytes.Length - kept, model.DownloadedBytes);
        Assert.Equal(Bytes, File.ReadAllBytes(Path.Combine(model.Folder, Big)));
    }

    [Theory]
    [InlineData(300_000)]
    [InlineData(1_000_000)]
    [InlineData(1_500_000)]
    public async Task A_wrong_beginning_that_another_run_left_is_replaced(int length)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Blob)!);
        File.WriteAllBytes(Blob + ".incomplete", new byte[length]);
        using ModelHub hub = new(_server.Options(_cache.Path));

        Assert.Equal(Bytes, File.ReadAllBytes(Path.Combine((await hub.DownloadAsync(Request, null, Token)).Folder, Big)));
    }

    [Fact]
    public async Task Bytes_of_another_file_are_refused_and_not_kept()
    {
        _server.Misbehave = request => IsDownload(request) ? FakeHub.Send(request, RandomBytes(Bytes.Length, 2)) : null;
        using ModelHub hub = new(_server.Options(_cache.Path));

        ModelHubException e = await ModelHubTests.FailsAsync(hub, Request, ModelHubFailure.Corrupt);

        Assert.Contains(Big, e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(Blob)!));
        Assert.False(Directory.Exists(Path.Combine(_cache.Path, "models--tiny--model", "refs")));
    }

    [Fact]
    public async Task More_bytes_than_announced_are_refused()
    {
        _server.Misbehave = request => IsDownload(request) ? new LoopbackResponse(200) { Body = [.. Bytes, .. Bytes] } : null;
        using ModelHub hub = new(_server.Options(_cache.Path));

        await ModelHubTests.FailsAsync(hub, Request, ModelHubFailure.Corrupt);
        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(Blob)!));
    }

    [Fact]
    public async Task Fewer_bytes_than_announced_end_in_an_error_and_are_kept()
    {
        _server.Misbehave = request => !IsDownload(request) ? null
            : request.Headers.ContainsKey("Range") ? new LoopbackResponse(416)
            : new LoopbackResponse(200) { Body = Bytes[..600_000] };
        using ModelHub hub = new(_server.Options(_cache.Path));

        await ModelHubTests.FailsAsync(hub, Request, ModelHubFailure.Unavailable);
        Assert.False(File.Exists(Blob));
    }

    [Fact]
    public async Task A_content_length_that_is_a_lie_is_resumed()
    {
        bool lied = false;
        _server.Misbehave = request =>
        {
            if (!IsDownload(request) || lied)
            {
                return null;
            }

            lied = true;
            return new LoopbackResponse(200) { Body = Bytes[..1000], AnnouncedLength = Bytes.Length };
        };
        using ModelHub hub = new(_server.Options(_cache.Path));

        Assert.Equal(Bytes.Length, (await hub.DownloadAsync(Request, null, Token)).DownloadedBytes);
    }

    [Theory]
    [InlineData(401, null, ModelHubFailure.Unauthorized, "HF_TOKEN")]
    [InlineData(403, "GatedRepo", ModelHubFailure.Gated, "Accept the terms")]
    [InlineData(401, "GatedRepo", ModelHubFailure.Gated, "Accept the terms")]
    [InlineData(404, "RepoNotFound", ModelHubFailure.NotFound, "spelling")]
    [InlineData(429, null, ModelHubFailure.RateLimited, "later")]
    [InlineData(503, null, ModelHubFailure.Unavailable, "later")]
    [InlineData(418, null, ModelHubFailure.InvalidAnswer, "418")]
    public async Task Errors_of_the_server_are_typed(int status, string? code, ModelHubFailure failure, string words)
    {
        _server.Misbehave = _ =>
        {
            LoopbackResponse response = new(status);
            if (code is not null)
            {
                response.Headers["X-Error-Code"] = code;
            }

            return response;
        };
        using ModelHub hub = new(_server.Options(_cache.Path));

        ModelHubException e = await ModelHubTests.FailsAsync(hub, Request, failure);

        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.Contains(FakeHub.Repository, e.Message, StringComparison.Ordinal);
        Assert.Equal(status is 429 or 503 ? 4 : 1, _server.Requests.Count);
    }

    [Fact]
    public async Task A_hub_that_is_busy_for_a_moment_is_asked_again()
    {
        int busy = 6;
        _server.Misbehave = _ => busy-- switch
        {
            > 4 => new LoopbackResponse(429) { Headers = { ["Retry-After"] = "0" } },
            4 => null,
            > 2 => new LoopbackResponse(502),
            _ => null,
        };
        using ModelHub hub = new(_server.Options(_cache.Path));

        Assert.Equal(Bytes.Length, (await hub.DownloadAsync(Request, null, Token)).DownloadedBytes);
    }

    [Fact]
    public async Task A_hub_that_asks_for_an_hour_is_not_waited_for()
    {
        _server.Misbehave = _ => new LoopbackResponse(429) { Headers = { ["Retry-After"] = "3600" } };
        using ModelHub hub = new(_server.Options(_cache.Path));

        Assert.Equal(TimeSpan.FromHours(1), (await ModelHubTests.FailsAsync(hub, Request, ModelHubFailure.RateLimited)).RetryAfter);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task The_token_stays_with_the_hub()
    {
        await using FakeHub storage = new([]);
        storage.Misbehave = request => FakeHub.Send(request, Bytes);
        _server.Misbehave = request => !request.Path.Contains("/resolve/", StringComparison.Ordinal) ? null
            : new LoopbackResponse(302)
            {
                Headers =
                {
                    ["Location"] = new Uri(storage.Address, "/storage/" + Big).AbsoluteUri,
                    ["X-Repo-Commit"] = FakeHub.Commit,
                    ["X-Linked-Etag"] = $"\"{FakeHub.ETag(Bytes)}\"",
                    ["X-Linked-Size"] = "1000000",
                    ["ETag"] = "\"of-the-redirect\"",
                },
            };
        using ModelHub hub = new(new ModelHubOptions(_server.Options(_cache.Path)) { Token = "hf_secret" });

        ModelDownload model = await hub.DownloadAsync(Request, null, Token);

        Assert.Equal(Bytes, File.ReadAllBytes(Path.Combine(model.Folder, Big)));
        Assert.All(_server.Requests, request => Assert.Equal("Bearer hf_secret", request.Headers["Authorization"]));
        Assert.All(storage.Requests, request => Assert.False(request.Headers.ContainsKey("Authorization")));
        Assert.Single(storage.Requests);
    }

    [Fact]
    public async Task Endless_redirects_end()
    {
        _server.Misbehave = request => new LoopbackResponse(302) { Headers = { ["Location"] = request.Target } };
        using ModelHub hub = new(_server.Options(_cache.Path));
        await ModelHubTests.FailsAsync(hub, Request, ModelHubFailure.InvalidAnswer);
    }

    [Fact]
    public async Task Two_at_once_share_one_download()
    {
        using ModelHub one = new(_server.Options(_cache.Path));
        using ModelHub other = new(_server.Options(_cache.Path));

        ModelDownload[] models = await Task.WhenAll(one.DownloadAsync(Request, null, Token), other.DownloadAsync(Request, null, Token));

        Assert.Equal(1, _server.Downloads(Big));
        Assert.Equal(Bytes.Length, models.Sum(model => model.DownloadedBytes));
        Assert.Equal(models[0].Folder, models[1].Folder);
    }

    [Fact]
    public async Task Offline_a_model_must_be_in_the_cache_and_undamaged()
    {
        using ModelHub offline = new(new ModelHubOptions(_server.Options(_cache.Path)) { Offline = true });
        using ModelHub online = new(_server.Options(_cache.Path));
        ModelHubException absent = await ModelHubTests.FailsAsync(offline, Request, ModelHubFailure.Offline);
        Assert.Contains("HF_HUB_OFFLINE", absent.Message, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);

        await online.DownloadAsync(Request, null, Token);
        int requests = _server.Requests.Count;
        Assert.Equal(0, (await offline.DownloadAsync(Request, null, Token)).DownloadedBytes);
        await ModelHubTests.FailsAsync(offline, Request with { Files = ["other.bin"] }, ModelHubFailure.Offline);

        File.WriteAllBytes(Blob, RandomBytes(Bytes.Length, 3));
        await ModelHubTests.FailsAsync(offline, Request, ModelHubFailure.Corrupt);
        Assert.Equal(requests, _server.Requests.Count);

        // Online, a damaged file is simply downloaded again.
        Assert.Equal(Bytes.Length, (await online.DownloadAsync(Request, null, Token)).DownloadedBytes);
        await offline.DownloadAsync(Request, null, Token);
    }

    [Fact]
    public async Task A_silent_hub_is_given_up()
    {
        await using LoopbackServer silent = new(async (_, stop) =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return new LoopbackResponse(200);
        });
        using ModelHub hub = new(new ModelHubOptions(_server.Options(_cache.Path)) { Endpoint = silent.Address, StallTimeout = TimeSpan.FromMilliseconds(50), MaxRetries = 1 });
        ModelHubException e = await ModelHubTests.FailsAsync(hub, Request, ModelHubFailure.Unavailable);
        Assert.Contains("tried 2 times", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_that_is_not_there_is_named()
    {
        using ModelHub hub = new(new ModelHubOptions(_server.Options(_cache.Path)) { Endpoint = new Uri("http://127.0.0.1:9") });
        ModelHubException e = await ModelHubTests.FailsAsync(hub, Request, ModelHubFailure.Unavailable);
        Assert.Contains("http://127.0.0.1:9", e.Message, StringComparison.Ordinal);
    }

    private static bool IsDownload(LoopbackRequest request) => request.Method == "GET" && request.Path.Contains("/resolve/", StringComparison.Ordinal);

    private static byte[] RandomBytes(int count, int seed = 1)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private sealed class Canceller(CancellationTokenSource cancel) : IProgress<ModelDownloadProgress>
    {
        public void Report(ModelDownloadProgress value)
        {
            if (value.FileBytes > 0)
            {
                cancel.Cancel();
            }
        }
    }
}
