using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ZeroShotCir.Tests.Http;

namespace ZeroShotCir.Tests.Hub;

/// <summary>A hub on loopback that serves one repository as huggingface.co does, and misbehaves where a test wants it to.</summary>
internal sealed class FakeHub : IAsyncDisposable
{
    public const string Repository = "tiny/model";
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";
    private readonly LoopbackServer _server;
    private readonly Dictionary<string, byte[]> _files;

    public FakeHub(Dictionary<string, byte[]> files)
    {
        _files = files;
        _server = new LoopbackServer((request, _) =>
        {
            Requests.Enqueue(request);
            return Task.FromResult(Misbehave?.Invoke(request) ?? Answer(request));
        });
    }

    public ConcurrentQueue<LoopbackRequest> Requests { get; } = new();

    /// <summary>Answers in the hub's place; null leaves the request to it.</summary>
    public Func<LoopbackRequest, LoopbackResponse?>? Misbehave { get; set; }

    public Uri Address => _server.Address;

    public int Downloads(string file) => Requests.Count(request => request.Method == "GET" && request.Path.EndsWith("/" + file, StringComparison.Ordinal));

    /// <summary>A repository with the files of a folder.</summary>
    public static FakeHub FromFolder(string folder) => new(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(folder, path).Replace('\\', '/'), File.ReadAllBytes));

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    /// <summary>The truthful answer.</summary>
    public LoopbackResponse Answer(LoopbackRequest request)
    {
        if (request.Path == $"/api/models/{Repository}/revision/main" || request.Path == $"/api/models/{Repository}/revision/{Commit}")
        {
            return Listing(Commit, [.. _files.Keys]);
        }

        string prefix = $"/{Repository}/resolve/{Commit}/";
        if (!request.Path.StartsWith(prefix, StringComparison.Ordinal) || !_files.TryGetValue(Uri.UnescapeDataString(request.Path[prefix.Length..]), out byte[]? bytes))
        {
            return new LoopbackResponse(404) { Headers = { ["X-Error-Code"] = "RepoNotFound" } };
        }

        return request.Method == "HEAD" ? Describe(bytes) : Send(request, bytes);
    }

    public static LoopbackResponse Listing(string commit, params string[] files)
        => LoopbackResponse.Json(JsonSerializer.Serialize(new { sha = commit, siblings = files.Select(file => new { rfilename = file }) }));

    public static LoopbackResponse Describe(byte[] bytes) => new(200)
    {
        Body = bytes,
        Headers = { ["X-Repo-Commit"] = Commit, ["ETag"] = $"\"{ETag(bytes)}\"" },
    };

    /// <summary>Large files have the SHA-256 as ETag, small ones the name that git gives them.</summary>
    public static string ETag(byte[] bytes)
    {
        if (bytes.Length > 1000)
        {
            return Convert.ToHexStringLower(SHA256.HashData(bytes));
        }

#pragma warning disable CA5350 // git names files so.
        return Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {bytes.Length}\0"), .. bytes]));
#pragma warning restore CA5350
    }

    public static LoopbackResponse Send(LoopbackRequest request, byte[] bytes)
    {
        if (!request.Headers.TryGetValue("Range", out string? range))
        {
            return new LoopbackResponse(200) { Body = bytes };
        }

        int from = int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture);
        return from >= bytes.Length
            ? new LoopbackResponse(416)
            : new LoopbackResponse(206) { Body = bytes[from..], Headers = { ["Content-Range"] = $"bytes {from}-{bytes.Length - 1}/{bytes.Length}" } };
    }
}
