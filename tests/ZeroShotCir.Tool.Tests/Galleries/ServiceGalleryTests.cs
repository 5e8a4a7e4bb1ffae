using System.Text;
using System.Text.Json;
using ZeroShotCir.Tests;
using ZeroShotCir.Tests.Http;

namespace ZeroShotCir.Tool.Tests.Galleries;

/// <summary>Galleries, searches and evaluations by a model behind a service, here one on the loopback interface that speaks its protocol.</summary>
public sealed class ServiceGalleryTests : IDisposable
{
    private const string Text = "the same in red";
    private readonly GalleryWorld _world = new();
    private int _requests;

    public void Dispose() => _world.Dispose();

    /// <summary>Services that tell queries from documents and read both halves at once, that keep them apart, and one that does neither but takes an instruction.</summary>
    [Theory]
    [InlineData("cohere:embed-v4.0", "COHERE_API_KEY", "document", "query", 64, null)]
    [InlineData("jina:jina-embeddings-v4", "JINA_API_KEY", "document", "query", 64, null)]
    [InlineData("vllm:own/model", null, "Find it.", "Find it.", 24, "Find it.")]
    public async Task A_gallery_of_a_service_is_searched_by_it_alone(string model, string? variable, string documents, string queries, int dimensions, string? instruction)
    {
        string service = model.Split(':')[0];
        await using LoopbackServer server = new(request => Answer(service, request));
        Dictionary<string, string> environment = variable is null ? [] : new() { [variable] = EmbeddingServer.Key };
        string[] names = _world.AddPictures(9);
        string[] index =
        [
            "index", "--images", _world.Images, "--out", _world.Gallery, "--model", model, "--dimensions", $"{dimensions}", "--service-endpoint", server.Address.AbsoluteUri,
            .. instruction is null ? Array.Empty<string>() : ["--instruction", instruction],
        ];
        ToolOutcome made = await ToolProcess.RunInAsync(environment, index);
        Assert.True(made.ExitCode == 0, made.Errors);
        Assert.Equal(9, made.Json.GetProperty("usage").GetProperty("inputs").GetInt32());
        JsonElement remembered = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_world.Gallery, "model.json"))).RootElement;
        Assert.Equal((model, "document"), (remembered.GetProperty("service").GetString(), remembered.GetProperty("role").GetString()));
        int asked = _requests;

        // What was paid for is not paid for again, also where every row is made anew.
        ToolOutcome again = await ToolProcess.RunInAsync(environment, [.. index, "--rebuild"]);
        Assert.True(again.ExitCode == 0, again.Errors);
        Assert.Equal((9, asked), (again.Json.GetProperty("usage").GetProperty("reused").GetInt32(), _requests));

        double[][] images = [.. names.Select(name => Unit(EmbeddingServer.Vector(documents + Picture(name), dimensions)))];
        double[] text = Unit(EmbeddingServer.Vector(queries + Text, dimensions));
        bool isJoint = service != "jina";
        double[] query = isJoint ? Unit(EmbeddingServer.Vector(queries + Picture(names[3]) + Text, dimensions)) : Unit([.. images[3].Zip(text, (v, t) => (0.2 * v) + (0.8 * t))]);
        string[] search = ["search", _world.Gallery, Text, "--id", names[3], "-k", "9", .. isJoint ? ["--fusion", "joint"] : Array.Empty<string>()];
        asked = _requests;
        if (variable is not null)
        {
            // A gallery may be somebody else's: the address that it names gets no key unless the command line names it, too.
            ToolOutcome unasked = await ToolProcess.RunInAsync(environment, search);
            Assert.Equal((2, asked), (unasked.ExitCode, _requests));
            Assert.Contains($"--service-endpoint {server.Address.AbsoluteUri}", unasked.Errors, StringComparison.Ordinal);
            search = [.. search, "--service-endpoint", server.Address.AbsoluteUri];
        }

        ToolOutcome found = await ToolProcess.RunInAsync(environment, search);
        Assert.True(found.ExitCode == 0, found.Errors);
        Assert.Equal(1, found.Json.GetProperty("usage").GetProperty("inputs").GetInt32());
        JsonElement[] hits = [.. found.Json.GetProperty("hits").EnumerateArray()];
        Assert.Equal(9, hits.Length);
        Assert.All(hits, hit => Assert.Equal(Dot(images[Array.IndexOf(names, hit.GetProperty("id").GetString())], query), hit.GetProperty("score").GetDouble(), 1e-5));

        ToolOutcome other = await ToolProcess.RunInAsync(
            environment,
            [
                .. search.Where(word => word != "--service-endpoint" && word != server.Address.AbsoluteUri),
                .. (string[])["--model", $"{service}:other", "--dimensions", $"{dimensions}", "--service-endpoint", server.Address.AbsoluteUri],
            ]);
        Assert.Equal(1, other.ExitCode);
        Assert.Contains($"{service}:other", other.Errors, StringComparison.Ordinal);
        Assert.Contains(model, other.Errors, StringComparison.Ordinal);
        Assert.All([made, again, found, other], outcome => Assert.DoesNotContain("0123", outcome.Output + outcome.Errors, StringComparison.Ordinal));
        Assert.All(
            Directory.EnumerateFiles(_world.Of("."), "*", SearchOption.AllDirectories),
            file => Assert.Equal(-1, File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(EmbeddingServer.Key))));
    }

    [Fact]
    public async Task The_empty_text_is_asked_for_as_a_caption_and_paid_for_once()
    {
        await using LoopbackServer server = new(request => Answer("cohere", request));
        Dictionary<string, string> environment = new() { ["COHERE_API_KEY"] = EmbeddingServer.Key };
        string[] names = _world.AddPictures(3), service = ["--service-endpoint", server.Address.AbsoluteUri, "--dimensions", "64"];
        ToolOutcome made = await ToolProcess.RunInAsync(
            environment, ["index", "--images", _world.Images, "--out", _world.Gallery, "--model", "cohere:embed-v4.0", .. service]);
        Assert.True(made.ExitCode == 0, made.Errors);
        string[] search =
        [
            "search", _world.Gallery, "--id", names[0], "--beta", "0.5", "--missing-captions", "empty-text", .. service,
            "--service-answers", _world.Of("answers.jsonl"), "--service-price", "60000",
        ];

        ToolOutcome found = await ToolProcess.RunInAsync(environment, search);
        int asked = _requests;
        ToolOutcome again = await ToolProcess.RunInAsync(environment, search);

        Assert.True(again.ExitCode == 0, again.Errors);
        Assert.Contains("note: cohere:embed-v4.0: ", made.Errors, StringComparison.Ordinal);
        Assert.Contains("note: cohere:embed-v4.0: 1 request, 1 embedded, 0 already were; 2 tokens, cost 0.12", found.Errors, StringComparison.Ordinal);
        Assert.Contains("0 requests, 0 embedded, 1 already were", again.Errors, StringComparison.Ordinal);
        Assert.Equal((asked, 1), (_requests, again.Json.GetProperty("usage").GetProperty("reused").GetInt32()));
        double[][] images = [.. names.Select(name => Unit(EmbeddingServer.Vector("document" + Picture(name), 64)))];
        double[] empty = Unit(EmbeddingServer.Vector("document", 64));
        Assert.All(found.Json.GetProperty("hits").EnumerateArray(), hit => Assert.Equal(
            (0.5 * Dot(images[0], images[Array.IndexOf(names, hit.GetProperty("id").GetString())])) + (0.5 * Dot(images[0], empty)), hit.GetProperty("score").GetDouble(), 1e-5));
    }

    [Fact]
    public async Task A_data_set_is_evaluated_by_a_service()
    {
        await using LoopbackServer server = new(request => Answer("voyage", request));
        string[] names = _world.AddPictures(8);
        double[][] images = [.. names.Select(name => Unit(EmbeddingServer.Vector("document" + Picture(name), 32)))];
        double[] text = Unit(EmbeddingServer.Vector("query" + Text, 32));
        double[] query = Unit([.. images[0].Zip(text, (v, t) => (0.2 * v) + (0.8 * t))]);
        string[] order = [.. names.Skip(1).OrderByDescending(name => Dot(images[Array.IndexOf(names, name)], query))];
        File.WriteAllLines(_world.Of("queries.jsonl"), ((int[])[0, 3]).Select(rank => JsonSerializer.Serialize(new { reference = names[0], text = Text, targets = order[rank] })));

        ToolOutcome outcome = await ToolProcess.RunInAsync(
            new Dictionary<string, string> { ["MY_KEY"] = EmbeddingServer.Key },
            "eval", "--dataset", "queries", "--root", _world.Of("."), "--model", "voyage:voyage-multimodal-3.5", "--dimensions", "32", "--service-key-variable", "MY_KEY",
            "--service-endpoint", server.Address.AbsoluteUri, "--service-price", "0.12");

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        JsonElement metrics = outcome.Json.GetProperty("results")[0].GetProperty("metrics"), source = outcome.Json.GetProperty("manifest").GetProperty("source");
        Assert.Equal((50, 100), (metrics.GetProperty("R@1").GetDouble(), metrics.GetProperty("R@5").GetDouble()));
        Assert.Equal((1 + 0.25) / 2, metrics.GetProperty("mrr").GetDouble(), 1e-9);
        Assert.Equal("voyage:voyage-multimodal-3.5", source.GetProperty("model").GetProperty("service").GetString());
        Assert.Equal(9, source.GetProperty("usage").GetProperty("inputs").GetInt32());
        Assert.True(source.GetProperty("usage").GetProperty("cost").GetDecimal() > 0);
    }

    [Fact]
    public async Task Whatever_sessions_ask_a_service_is_counted()
    {
        int embedded = 0;
        await using LoopbackServer server = new(request =>
        {
            Interlocked.Add(ref embedded, JsonDocument.Parse(request.Body).RootElement.GetProperty("inputs").GetArrayLength());
            return Answer("voyage", request);
        });
        string[] names = _world.AddPictures(4);
        object[] turns =
        [
            new { reference = names[0], text = "in red", targets = names[2], session = "a", turn = 1 },
            new { reference = names[1], text = "with sleeves", targets = names[2], session = "a", turn = 2 },
        ];
        File.WriteAllLines(_world.Of("queries.jsonl"), turns.Select(turn => JsonSerializer.Serialize(turn)));

        ToolOutcome outcome = await ToolProcess.RunInAsync(
            new Dictionary<string, string> { ["VOYAGE_API_KEY"] = EmbeddingServer.Key },
            "eval", "--dataset", "queries", "--root", _world.Of("."), "--history", "joined-texts", "--model", "voyage:voyage-multimodal-3.5", "--dimensions", "32",
            "--service-endpoint", server.Address.AbsoluteUri);

        // The pictures, the text of each turn, and what the second turn makes of both.
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.True(embedded >= 7, outcome.Errors);
        Assert.Equal(embedded, outcome.Json.GetProperty("manifest").GetProperty("source").GetProperty("usage").GetProperty("inputs").GetInt32());
        Assert.Contains($" {embedded} embedded", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "is behind a service", "preprocess", "--model", "voyage:x", "--out", "x.safetensors", "x.png")]
    [InlineData(2, "is for a model behind a service", "index", ".", "--model", "models/clip", "--instruction", "Find it.")]
    [InlineData(2, "VOYAGE_API_KEY", "index", ".", "--model", "voyage:voyage-multimodal-3.5", "--out", "new")]
    [InlineData(2, "--dimensions", "index", ".", "--model", "vllm:x", "--out", "new")]
    [InlineData(2, "--resolution", "index", ".", "--model", "vllm:x", "--dimensions", "8", "--resolution", "reduced")]
    [InlineData(2, "--precision is for model folders", "index", ".", "--model", "vllm:x", "--dimensions", "8", "--precision", "fp16")]
    public async Task What_does_not_go_together_is_named(int exitCode, string said, params string[] arguments)
    {
        _world.AddPictures(1);
        string model = GalleryWorld.Model;
        ToolOutcome outcome = await ToolProcess.RunInAsync(
            new Dictionary<string, string> { ["VOYAGE_API_KEY"] = "" },
            [.. arguments.Select(argument => argument switch { "." => _world.Images, "models/clip" => model, "new" => _world.Gallery, _ => argument })]);

        Assert.True(outcome.ExitCode == exitCode, outcome.Errors);
        Assert.False(Directory.Exists(_world.Gallery));
        Assert.Contains(said, outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "service": "vllm:own/model", "endpoint": "nowhere", "dimensions": 8 }""", 1, "'endpoint'")]
    [InlineData("""{ "service": "nobody:model" }""", 2, "nobody")]
    public async Task A_model_that_cannot_be_asked_is_named(string document, int exitCode, string said)
    {
        _world.AddPictures(2);
        Assert.Equal(0, (await ToolProcess.RunAsync("index", "--images", _world.Images, "--out", _world.Gallery, "--model", GalleryWorld.Model)).ExitCode);
        File.WriteAllText(Path.Combine(_world.Gallery, "model.json"), document);

        ToolOutcome outcome = await ToolProcess.RunAsync("search", _world.Gallery, Text);

        Assert.True(outcome.ExitCode == exitCode, outcome.Errors);
        Assert.Contains(said, outcome.Errors, StringComparison.Ordinal);
    }

    private LoopbackResponse Answer(string service, LoopbackRequest request)
    {
        Interlocked.Increment(ref _requests);
        return EmbeddingServer.Answer(service, request);
    }

    private string Picture(string name) => EmbeddingServer.ImagePart(File.ReadAllBytes(Path.Combine(_world.Images, name)));

    private static double[] Unit(IReadOnlyList<float> vector) => Unit([.. vector.Select(value => (double)value)]);

    private static double[] Unit(double[] vector)
    {
        double length = Math.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => value / length)];
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
