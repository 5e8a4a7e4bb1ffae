using System.Text;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Hub;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Tests.Http;

namespace ZeroShotCir.Tests.Hub;

public sealed class ModelHubTests : IDisposable
{
    private static readonly ModelRequest Request = new(FakeHub.Repository);
    private readonly TemporaryFolder _cache = new();

    private static string ClipFolder => Path.Combine(RepositoryPaths.TinyFashion, "models", "clip");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _cache.Dispose();

    [Fact]
    public async Task What_a_download_would_bring_is_told_before_it()
    {
        await using FakeHub server = FakeHub.FromFolder(ClipFolder);
        server.Misbehave = request => request.Path.StartsWith("/api/", StringComparison.Ordinal)
            ? LoopbackResponse.Json(
                Encoding.UTF8.GetString(server.Answer(request).Body).Replace("{\"sha\"", "{\"tags\":[\"onnx\",\"license:mit\"],\"sha\"", StringComparison.Ordinal))
            : null;
        using ModelHub hub = new(server.Options(_cache.Path));

        ModelOffer offer = await hub.DescribeAsync(Request, Token);
        Assert.All(server.Requests.Where(request => request.Method == "GET" && request.Path.Contains("/resolve/", StringComparison.Ordinal)),
            request => Assert.EndsWith("/config.json", request.Path, StringComparison.Ordinal));
        ModelDownload model = await hub.DownloadAsync(Request, null, Token);

        Assert.Equal("mit", offer.License);
        Assert.Equal(model.Commit, offer.Commit);
        Assert.Equal(model.Files.Order(StringComparer.Ordinal), offer.Files.Order(StringComparer.Ordinal));
        Assert.Equal(model.Files.Sum(file => new FileInfo(Path.Combine(ClipFolder, file)).Length), offer.Bytes);
        Assert.Equal(offer.Bytes - new FileInfo(Path.Combine(ClipFolder, "config.json")).Length, offer.MissingBytes);
        Assert.Equal(0, (await hub.DescribeAsync(Request, Token)).MissingBytes);
    }

    [Fact]
    public async Task A_downloaded_model_opens_and_is_not_downloaded_again()
    {
        await using FakeHub server = FakeHub.FromFolder(ClipFolder);
        using ModelHub hub = new(server.Options(_cache.Path));
        List<ModelDownloadProgress> reports = [];

        ModelDownload first = await hub.DownloadAsync(Request, new Collector(reports), Token);
        int requests = server.Requests.Count;
        ModelDownload second = await hub.DownloadAsync(Request, null, Token);

        OnnxModelFolder model = OnnxModelFolder.Open(first.Folder);
        Assert.Equal(OnnxModelFolder.Open(ClipFolder).ModelId, model.ModelId);
        Assert.Equal(first.Files.Sum(file => new FileInfo(Path.Combine(ClipFolder, file)).Length), first.DownloadedBytes);
        Assert.Equal(0, second.DownloadedBytes);
        Assert.DoesNotContain(server.Requests.Skip(requests), request => request.Method == "GET" && request.Path.Contains("/resolve/", StringComparison.Ordinal));
        Assert.Equal(first.Files.Count, reports[^1].FilesDone);
        Assert.Equal(first.Files.Count, reports[^1].FileCount);
    }

    [Fact]
    public async Task The_cache_is_laid_out_as_the_Python_library_does()
    {
        await using FakeHub server = FakeHub.FromFolder(ClipFolder);
        using ModelHub hub = new(server.Options(_cache.Path));

        ModelDownload model = await hub.DownloadAsync(Request, null, Token);

        string repository = Path.Combine(_cache.Path, "models--tiny--model");
        Assert.Equal(Path.Combine(repository, "snapshots", FakeHub.Commit), model.Folder);
        Assert.Equal(FakeHub.Commit, File.ReadAllText(Path.Combine(repository, "refs", "main")));
        foreach (string file in model.Files)
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(ClipFolder, file));
            Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(repository, "blobs", FakeHub.ETag(bytes))));
            FileInfo link = new(Path.Combine(model.Folder, file));
            Assert.Equal(bytes, File.ReadAllBytes(link.FullName));
            if (!OperatingSystem.IsWindows())
            {
                string up = file.Contains('/', StringComparison.Ordinal) ? "../../../blobs" : "../../blobs";
                Assert.Equal($"{up}/{FakeHub.ETag(bytes)}", link.LinkTarget);
            }
        }

        Assert.Empty(Directory.EnumerateFiles(_cache.Path, "*.incomplete", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_cache_that_the_Python_library_filled_serves_offline()
    {
        string repository = Path.Combine(_cache.Path, "models--tiny--model");
        string snapshot = Path.Combine(repository, "snapshots", FakeHub.Commit);
        Directory.CreateDirectory(Path.Combine(repository, "blobs"));
        Directory.CreateDirectory(Path.Combine(repository, "refs"));
        File.WriteAllText(Path.Combine(repository, "refs", "main"), FakeHub.Commit);
        foreach (string path in Directory.EnumerateFiles(ClipFolder, "*", SearchOption.AllDirectories))
        {
            string blob = Path.Combine(repository, "blobs", FakeHub.ETag(File.ReadAllBytes(path)));
            string link = Path.Combine(snapshot, Path.GetRelativePath(ClipFolder, path));
            File.Copy(path, blob);
            Directory.CreateDirectory(Path.GetDirectoryName(link)!);
            File.CreateSymbolicLink(link, Path.GetRelativePath(Path.GetDirectoryName(link)!, blob));
        }

        using ModelHub hub = new(new ModelHubOptions { CacheFolder = _cache.Path, Offline = true, Endpoint = new Uri("http://127.0.0.1:9") });
        foreach (string revision in new[] { "main", FakeHub.Commit })
        {
            ModelDownload model = await hub.DownloadAsync(Request with { Revision = revision }, null, Token);
            Assert.Equal(OnnxModelFolder.Open(ClipFolder).ModelId, OnnxModelFolder.Open(model.Folder).ModelId);
        }
    }

    [Fact]
    public async Task Only_the_graphs_that_are_asked_for_are_downloaded()
    {
        Dictionary<string, byte[]> files = Files("""{"model_type": "clip"}""");
        foreach (string name in new[] { "vision_model", "text_model", "model" })
        {
            foreach (ModelPrecision precision in ModelPrecision.All)
            {
                files[$"onnx/{name}{precision.Suffix}.onnx"] = Graph();
            }
        }

        files["model.safetensors"] = [1];
        files["README.md"] = [1];
        files["other/config.json"] = [1];
        await using FakeHub server = new(files);
        using ModelHub hub = new(server.Options(_cache.Path));

        foreach (ModelPrecision precision in ModelPrecision.All)
        {
            ModelDownload model = await hub.DownloadAsync(Request with { Precision = precision }, null, Token);
            Assert.Equal(
                new[] { "config.json", $"onnx/text_model{precision.Suffix}.onnx", $"onnx/vision_model{precision.Suffix}.onnx", "tokenizer.json" }.Order(StringComparer.Ordinal),
                model.Files.Order(StringComparer.Ordinal));
        }

        files.Remove("onnx/text_model_quantized.onnx");
        ModelDownload joint = await hub.DownloadAsync(Request with { Precision = ModelPrecision.Q8 }, null, Token);
        Assert.Contains("onnx/model_quantized.onnx", joint.Files);
        Assert.DoesNotContain("onnx/vision_model_quantized.onnx", joint.Files);

        files.Remove("onnx/model_quantized.onnx");
        ModelHubException e = await FailsAsync(hub, Request with { Precision = ModelPrecision.Q8 }, ModelHubFailure.MissingFiles);
        Assert.Contains("q8", e.Message, StringComparison.Ordinal);
        Assert.Contains("onnx/model_fp16.onnx", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clip-external-data", 9)]
    [InlineData("openclip-immich", 9)]
    [InlineData("siglip-split", 8)]
    [InlineData("captioner-merged", 10)]
    [InlineData("captioner-split", 11)]
    public async Task Every_layout_is_downloaded_whole(string golden, int count)
    {
        string folder = RepositoryPaths.Golden("models", golden);
        await using FakeHub server = FakeHub.FromFolder(folder);
        using ModelHub hub = new(server.Options(_cache.Path));

        ModelDownload model = await hub.DownloadAsync(Request, null, Token);

        Assert.Equal(OnnxModelFolder.Open(folder).ModelId, OnnxModelFolder.Open(model.Folder).ModelId);
        Assert.DoesNotContain(model.Files, file => file.StartsWith("images/", StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper?.WriteLine($"{golden}: {string.Join(", ", model.Files)}");
        Assert.Equal(count, model.Files.Count);
    }

    [Fact]
    public async Task Named_files_are_downloaded_as_they_are_named()
    {
        await using FakeHub server = FakeHub.FromFolder(ClipFolder);
        using ModelHub hub = new(server.Options(_cache.Path));

        Assert.Equal(["vocab.json"], (await hub.DownloadAsync(Request with { Files = ["vocab.json"] }, null, Token)).Files);
        await FailsAsync(hub, Request with { Files = ["vocab.json", "absent.bin"] }, ModelHubFailure.MissingFiles);
    }

    [Theory]
    [InlineData("tiny/../model")]
    [InlineData("../model")]
    [InlineData("a/b/c")]
    [InlineData("")]
    [InlineData("a--b/c")]
    public async Task Names_that_are_no_repositories_are_refused(string repository)
    {
        using ModelHub hub = new(new ModelHubOptions { CacheFolder = _cache.Path, Offline = true });
        await Assert.ThrowsAsync<ArgumentException>("request", () => hub.DownloadAsync(new ModelRequest(repository), null, Token));
        await Assert.ThrowsAsync<ArgumentException>("request", () => hub.DownloadAsync(Request with { Revision = "../main" }, null, Token));
    }

    [Fact]
    public async Task A_cache_that_cannot_be_written_is_an_error_of_its_own()
    {
        await using FakeHub server = FakeHub.FromFolder(ClipFolder);
        string file = Path.Combine(_cache.Path, "file");
        File.WriteAllText(file, "not a folder");
        using ModelHub hub = new(server.Options(file));
        ModelHubException e = await FailsAsync(hub, Request, ModelHubFailure.Storage);
        Assert.Contains("HF_HUB_CACHE", e.Message, StringComparison.Ordinal);
    }

    internal static async Task<ModelHubException> FailsAsync(ModelHub hub, ModelRequest request, ModelHubFailure failure)
    {
        ModelHubException e = await Assert.ThrowsAsync<ModelHubException>(() => hub.DownloadAsync(request, null, Token));
        Assert.Equal(failure, e.Failure);
        return e;
    }

    private static Dictionary<string, byte[]> Files(string config) => new()
    {
        ["config.json"] = System.Text.Encoding.UTF8.GetBytes(config),
        ["tokenizer.json"] = "{}"u8.ToArray(),
    };

    private static byte[] Graph() => File.ReadAllBytes(Directory.EnumerateFiles(Path.Combine(ClipFolder, "onnx"), "*.onnx").First());

    private sealed class Collector(List<ModelDownloadProgress> reports) : IProgress<ModelDownloadProgress>
    {
        public void Report(ModelDownloadProgress value) => reports.Add(value);
    }
}
