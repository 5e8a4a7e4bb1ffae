using System.Text;
using System.Text.Json;
using StackExchange.Redis;
using ZeroShotCir.Tests.Garnet;
using ZeroShotCir.Tool.Tests.Galleries;
using ZeroShotCir.Tool.Tests.Serving;

namespace ZeroShotCir.Tool.Tests.Stores;

/// <summary>A gallery on its way through the commands: indexed in shards, merged, pushed, verified, searched and served in a cluster.</summary>
public sealed class StoreCommandTests : IDisposable
{
    private const string Address = "photos";
    private readonly GalleryWorld _world = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Shards_are_merged_pushed_verified_searched_and_served()
    {
        using GarnetNodes nodes = await StartNodesAsync();
        string store = $"redis://{nodes.Hosts}/{Address}";
        string[] pictures = _world.AddPictures(12);

        // Until every part was indexed to its end, nothing is merged.
        await DoneAsync(_world.IndexAsync("--shard", "1/2"));
        ToolOutcome early = await ToolProcess.RunAsync("gallery", "merge", _world.Gallery);
        Assert.Equal(1, early.ExitCode);
        Assert.Contains("2/2", early.Errors, StringComparison.Ordinal);
        await DoneAsync(_world.IndexAsync("--shard", "2/2"));
        ToolOutcome merged = await DoneAsync(ToolProcess.RunAsync("gallery", "merge", _world.Gallery));
        Assert.Equal(12, merged.Json.GetProperty("count").GetInt32());

        ToolOutcome pushed = await DoneAsync(ToolProcess.RunAsync("gallery", "push", _world.Gallery, "--to", store, "--store-shards", "3"));
        Assert.Equal((12, 0, 0), (Number(pushed, "written"), Number(pushed, "unchanged"), Number(pushed, "deleted")));
        ToolOutcome expected = await DoneAsync(_world.SearchAsync("in red", "-k", "5"));
        ToolOutcome found = await DoneAsync(_world.SearchAsync("in red", "-k", "5", "--store", store));
        Assert.Equal(GalleryWorld.Ids(expected), GalleryWorld.Ids(found));
        Assert.All(
            found.Json.GetProperty("hits").EnumerateArray(),
            hit => Assert.Equal(Path.Combine(_world.Images, hit.GetProperty("id").GetString()!), hit.GetProperty("file").GetString()));

        using (ServerProcess server = await ServerProcess.StartAsync(
            "serve", "--store", store, "--model", GalleryWorld.Model, "--pictures", _world.Images, "--port", "0"))
        {
            using StringContent query = new("{\"text\":\"in red\",\"count\":5,\"fold\":false}", Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await server.Client.PostAsync("api/search", query, Cancellation);
            JsonElement body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement;
            JsonElement[] items = [.. body.GetProperty("hits").EnumerateArray().Select(hit => hit.GetProperty("item"))];
            Assert.Equal(GalleryWorld.Ids(expected), items.Select(item => item.GetProperty("id").GetString()));
            Assert.False(body.GetProperty("approximate").GetBoolean());
            Assert.Equal(
                await File.ReadAllBytesAsync(Path.Combine(_world.Images, items[0].GetProperty("id").GetString()!), Cancellation),
                await server.Client.GetByteArrayAsync(items[0].GetProperty("picture").GetString(), Cancellation));
            Assert.Contains($"\"{Address}\"", await server.Client.GetStringAsync("api/gallery", Cancellation), StringComparison.Ordinal);
        }

        ToolOutcome verified = await DoneAsync(ToolProcess.RunAsync("gallery", "verify", _world.Gallery, "--store", store));
        Assert.Equal((12, 12, 12), (Number(verified, "rows"), Number(verified, "compared"), Number(verified, "found")));

        // What somebody takes away is told, by number and by image.
        await using (ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(nodes.Hosts))
        {
            foreach (int shard in Enumerable.Range(0, 3))
            {
                await connection.GetDatabase().ExecuteAsync("VREM", $"cir:{{{Address}:{shard}}}:1:rows", pictures[4]);
            }
        }

        ToolOutcome damaged = await ToolProcess.RunAsync("gallery", "verify", _world.Gallery, "--store", store);
        Assert.Equal(1, damaged.ExitCode);
        string[] problems = [.. damaged.Json.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()!)];
        Assert.Contains(problems, problem => problem.Contains("11 rows", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains(pictures[4], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("needs a gallery folder, or --store", "serve")]
    [InlineData("is no store", "serve", "--store", "mongodb://localhost/photos", "--model", "models")]
    [InlineData("No server of the store 'redis://127.0.0.1:1/photos' answers", "serve", "--store", "redis://me:secret@127.0.0.1:1/photos", "--model", "models")]
    public async Task What_cannot_be_served_is_refused_in_words(string said, params string[] arguments)
    {
        ToolOutcome outcome = await ToolProcess.RunAsync(arguments);
        Assert.Equal(said.StartsWith("No server", StringComparison.Ordinal) ? 1 : 2, outcome.ExitCode);
        Assert.Contains(said, outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", outcome.Errors, StringComparison.Ordinal);
    }

    private static int Number(ToolOutcome outcome, string name) => outcome.Json.GetProperty(name).GetInt32();

    private static async Task<ToolOutcome> DoneAsync(Task<ToolOutcome> run)
    {
        ToolOutcome outcome = await run;
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return outcome;
    }

    private static async Task<GarnetNodes> StartNodesAsync()
    {
        try
        {
            return await GarnetNodes.StartAsync();
        }
        catch (Exception exception) when (exception is DllNotFoundException or PlatformNotSupportedException or TypeInitializationException)
        {
            Assert.Skip($"Garnet does not run here: {exception.Message}");
            throw;
        }
    }
}
