using System.Net;
using System.Text;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ZeroShotCir.Tool.Tests.Galleries;

namespace ZeroShotCir.Tool.Tests.Serving;

/// <summary>The two servers of the tool over one gallery.</summary>
public sealed class ServerTests(ServedWorld world) : IClassFixture<ServedWorld>
{
    private readonly GalleryWorld _world = world.World;
    private readonly string[] _pictures = world.Pictures;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_browser_gets_the_page_and_the_hits_of_search()
    {
        using ServerProcess server = await ServerProcess.StartAsync("serve", _world.Gallery, "--port", "0", "--title", "My pictures");
        ToolOutcome expected = await _world.SearchAsync("in red", "-k", "4", "--beta", "0.1");
        using StringContent query = new("{\"text\":\"in red\",\"count\":4}", Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await server.Client.PostAsync("api/search", query, Cancellation);
        JsonElement body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement;

        Assert.Equal(GalleryWorld.Ids(expected), body.GetProperty("hits").EnumerateArray().Select(hit => hit.GetProperty("item").GetProperty("id").GetString()));
        Assert.StartsWith("<!doctype html>", await server.Client.GetStringAsync("", Cancellation), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\"My pictures\"", await server.Client.GetStringAsync("api/gallery", Cancellation), StringComparison.Ordinal);

        // A name of somebody else's that leads here is not answered, and nothing tells what serves.
        using HttpRequestMessage spoofed = new(HttpMethod.Get, "api/gallery");
        spoofed.Headers.Host = "example.org";
        using HttpResponseMessage refused = await server.Client.SendAsync(spoofed, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.False(answer.Headers.Contains("Server"));
        Assert.Equal(130, await server.InterruptAsync());
    }

    [Fact]
    public async Task An_agent_searches_over_standard_streams()
    {
        StdioClientTransport transport = new(new StdioClientTransportOptions { Name = "cir", Command = "dotnet", Arguments = [ToolProcess.Assembly, "mcp", _world.Gallery] });
        await using McpClient client = await McpClient.CreateAsync(transport, cancellationToken: Cancellation);

        await SearchAsync(client);
    }

    [Fact]
    public async Task An_agent_searches_over_HTTP()
    {
        using ServerProcess server = await ServerProcess.StartAsync("mcp", _world.Gallery, "--http", "--port", "0");
        await using HttpClientTransport transport = new(new HttpClientTransportOptions { Endpoint = server.Client.BaseAddress! });
        await using McpClient client = await McpClient.CreateAsync(transport, cancellationToken: Cancellation);

        await SearchAsync(client);
    }

    private async Task SearchAsync(McpClient client)
    {
        Assert.Equal(["describe_gallery", "search_images"], (await client.ListToolsAsync(cancellationToken: Cancellation)).Select(tool => tool.Name).Order());
        CallToolResult described = await client.CallToolAsync("describe_gallery", cancellationToken: Cancellation);
        Assert.Contains("12 images", Assert.IsType<TextContentBlock>(Assert.Single(described.Content)).Text, StringComparison.Ordinal);

        ToolOutcome expected = await _world.SearchAsync("in red", "-k", "3", "--beta", "0.1");
        CallToolResult found = await client.CallToolAsync("search_images", new Dictionary<string, object?> { ["text"] = "in red", ["count"] = 3 }, cancellationToken: Cancellation);
        Assert.Equal(GalleryWorld.Ids(expected), Ids(found));
        ImageContentBlock[] pictures = [.. found.Content.OfType<ImageContentBlock>()];
        Assert.Equal(3, pictures.Length);
        Assert.All(pictures, picture => Assert.Equal("image/jpeg", picture.MimeType));
        Assert.All(pictures, picture => Assert.Equal([0xFF, 0xD8, 0xFF], picture.DecodedData[..3].ToArray()));

        string image = Convert.ToBase64String(await File.ReadAllBytesAsync(Path.Combine(_world.Images, _pictures[2]), Cancellation));
        CallToolResult itself = await client.CallToolAsync("search_images", new Dictionary<string, object?> { ["image"] = image, ["count"] = 1 }, cancellationToken: Cancellation);
        Assert.Equal([_pictures[2]], Ids(itself));
        CallToolResult like = await client.CallToolAsync(
            "search_images",
            new Dictionary<string, object?> { ["like"] = _pictures[2], ["must_have"] = new[] { "sleeves" }, ["must_not"] = new[] { "red" }, ["count"] = 20 },
            cancellationToken: Cancellation);
        Assert.Equal(11, Ids(like).Length);
        Assert.DoesNotContain(_pictures[2], Ids(like));

        await SearchInTurnsAsync(client);
        foreach ((Dictionary<string, object?> bad, string said) in new (Dictionary<string, object?>, string)[]
        {
            ([], "neither"),
            (new() { ["text"] = "red", ["history"] = "fading" }, "give 'session'"),
            (new() { ["text"] = "red", ["session"] = "s", ["history"] = "forgetful" }, "not known"),
            (new() { ["text"] = "red", ["session"] = "nobody's", ["back"] = 1 }, "has 0 turns"),
            (new() { ["like"] = "no such id" }, "no such id"),
            (new() { ["text"] = "red", ["count"] = 21 }, "1 to 20"),
            (new() { ["image"] = "no base64!" }, "Base-64"),
            (new() { ["image"] = "AAAA" }, "image"),
        })
        {
            CallToolResult refused = await client.CallToolAsync("search_images", bad, cancellationToken: Cancellation);
            Assert.True(refused.IsError);
            Assert.Contains(said, Assert.IsType<TextContentBlock>(refused.Content[0]).Text, StringComparison.OrdinalIgnoreCase);
        }
    }

    private async Task SearchInTurnsAsync(McpClient client)
    {
        // The texts of both turns count, until the first is taken back.
        string[] first = await TurnAsync("in red", new() { ["session"] = "s" });
        string[] both = await TurnAsync("with long sleeves", new() { ["session"] = "s", ["history"] = "joined-texts" });
        string[] joined = await TurnAsync("in red and with long sleeves", []);
        string[] alone = await TurnAsync("with long sleeves", []);
        string[] again = await TurnAsync("with long sleeves", new() { ["session"] = "s", ["history"] = "joined-texts", ["back"] = 2 });
        Assert.Equal(joined, both);
        Assert.NotEqual(alone, both);
        Assert.Equal(alone, again);
        Assert.Equal(12, first.Length);

        // What was liked draws the ranking to itself, without a word.
        string[] more = await TurnAsync(null, new() { ["session"] = "s", ["liked"] = new[] { first[11] }, ["disliked"] = new[] { first[0] } });
        Assert.Equal(first[11], more[0]);

        async Task<string[]> TurnAsync(string? text, Dictionary<string, object?> arguments) => Ids(await client.CallToolAsync(
            "search_images", new Dictionary<string, object?>(arguments) { ["text"] = text, ["count"] = 20 }, cancellationToken: Cancellation));
    }

    private static string[] Ids(CallToolResult result)
        => [.. result.Content.OfType<TextContentBlock>().Select(block => block.Text.Split('\n')[0]).Select(line => line[(line.IndexOf("id: ", StringComparison.Ordinal) + 4)..])];
}
