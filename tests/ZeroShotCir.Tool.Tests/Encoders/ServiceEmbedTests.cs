using System.Text.Json;
using ZeroShotCir.Tests.Http;
using ZeroShotCir.Tool.Tests.Galleries;

namespace ZeroShotCir.Tool.Tests.Encoders;

/// <summary><c>cir embed</c> by a model behind a service, here one on the loopback interface.</summary>
public sealed class ServiceEmbedTests : IDisposable
{
    private readonly GalleryWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Queries_are_embedded_once_and_the_key_is_never_shown()
    {
        const string key = "pa-0123456789-secret";
        int requests = 0;
        await using LoopbackServer server = new(request =>
        {
            Interlocked.Increment(ref requests);
            int inputs = JsonDocument.Parse(request.Body).RootElement.GetProperty("inputs").GetArrayLength();
            return request.Headers.GetValueOrDefault("Authorization") != $"Bearer {key}"
                ? LoopbackResponse.Text(401, $$"""{"detail": "no such key {{request.Headers.GetValueOrDefault("Authorization")}}"}""")
                : LoopbackResponse.Json($$"""{"data": [{{string.Join(',', Enumerable.Range(0, inputs).Select(Row))}}], "usage": {"total_tokens": 12} }""");
        });
        string[] names = _world.AddPictures(1);
        string queries = _world.Of("queries.jsonl");
        File.WriteAllText(queries, $$"""{"text": "in red", "images": [{{JsonSerializer.Serialize(Path.Combine(_world.Images, names[0]))}}]}""");
        string[] arguments =
        [
            "embed", "--model", "voyage:voyage-multimodal-3.5", "--dimensions", "4", "--endpoint", server.Address.AbsoluteUri,
            "--queries", queries, "--store", _world.Of("rows.jsonl"), "--out",
        ];
        Dictionary<string, string> environment = new() { ["VOYAGE_API_KEY"] = key };
        ToolOutcome first = await ToolProcess.RunInAsync(environment, [.. arguments, _world.Of("a.safetensors")]);
        ToolOutcome second = await ToolProcess.RunInAsync(environment, [.. arguments, _world.Of("b.safetensors")]);
        Dictionary<string, string> otherKey = new() { ["VOYAGE_API_KEY"] = "another-key-0123" };
        ToolOutcome wrong = await ToolProcess.RunInAsync(otherKey, [.. arguments[..^3], "--out", _world.Of("c.safetensors")]);
        ToolOutcome none = await ToolProcess.RunInAsync(new Dictionary<string, string> { ["VOYAGE_API_KEY"] = " " }, [.. arguments, _world.Of("d.safetensors")]);

        Assert.True(first.ExitCode == 0, first.Errors);
        Assert.Equal(1, first.Json.GetProperty("usage").GetProperty("inputs").GetInt32());
        Assert.Equal(12, first.Json.GetProperty("usage").GetProperty("tokens").GetInt32());
        Assert.Equal(1, second.Json.GetProperty("usage").GetProperty("reused").GetInt32());
        Assert.Equal(File.ReadAllBytes(_world.Of("a.safetensors")), File.ReadAllBytes(_world.Of("b.safetensors")));
        Assert.Equal(2, requests);
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("Check the key", wrong.Errors, StringComparison.Ordinal);
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("VOYAGE_API_KEY", none.Errors, StringComparison.Ordinal);
        Assert.All([first, second, wrong, none], outcome => Assert.DoesNotContain("0123", outcome.Output + outcome.Errors, StringComparison.Ordinal));
    }

    private static string Row(int i) => $$"""{"index": {{i}}, "embedding": [3, 4, 0, {{i}}]}""";
}
