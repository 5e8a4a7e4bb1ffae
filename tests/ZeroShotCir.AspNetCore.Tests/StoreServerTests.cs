using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Stores.Redis;
using ZeroShotCir.Tests.Garnet;
using ZeroShotCir.Tests.Stores;

namespace ZeroShotCir.Tests;

/// <summary>The page's endpoints over a store: a cluster of three Garnet nodes in this process, or one that looks at candidates only.</summary>
public sealed class StoreServerTests(PhotoServer photos) : IClassFixture<PhotoServer>
{
    private const string Trip = "2019/Trip #2";

    private static readonly string[] Queries =
    [
        """{"text":"red","count":7}""",
        $$"""{"text":"is blue","references":[{"item":"{{Trip}}/IMG_3919.png"}],"alpha":0.4,"count":7}""",
        $$"""{"text":"red","folder":"{{Trip}}","count":7}""",
        """{"text":"red","mustHave":["sleeves"],"mustNot":["blue"],"count":7,"fold":false}""",
        $$"""{"references":[{"item":"{{Trip}}/IMG_3924.jpg"}],"beta":0.7,"count":7}""",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cluster_answers_as_the_gallery_does_and_says_what_a_lost_node_held()
    {
        using GarnetNodes nodes = await StartNodesAsync();
        RedisGalleryStoreOptions options = new() { Shards = 6, RefreshInterval = TimeSpan.Zero, ShardTimeout = TimeSpan.FromSeconds(5) };
        await using RedisGalleryStore store = await RedisGalleryStore.ConnectAsync($"redis://{nodes.Hosts}/photos", options, Cancellation);
        await new StorePush(photos.Gallery).RunAsync(store, cancellationToken: Cancellation);
        await using WebApplication application = await photos.StartAsync([], services => services.AddSingleton<IGalleryStore>(store));
        using HttpClient client = PhotoServer.ClientOf(application);

        JsonElement gallery = JsonDocument.Parse(await client.GetStringAsync("api/gallery", Cancellation)).RootElement;
        Assert.Equal(7, gallery.GetProperty("images").GetInt64());
        Assert.Equal(["2019", Trip, "best of"], gallery.GetProperty("folders").EnumerateArray().Select(folder => folder.GetProperty("path").GetString()));
        Assert.False(gallery.TryGetProperty("from", out _));
        foreach (string query in Queries)
        {
            (HttpStatusCode status, JsonElement expected) = await photos.SearchAsync(query);
            Assert.Equal(HttpStatusCode.OK, status);
            JsonElement found = await AskAsync(client, query);
            Assert.Equal(Ids(expected), Ids(found));
            Assert.Equal(Scores(expected), Scores(found), (x, y) => Math.Abs(x - y) < 2e-6);
            Assert.False(found.GetProperty("approximate").GetBoolean());
            Assert.Empty(found.GetProperty("missing").EnumerateArray());
        }

        nodes.Stop(1);
        JsonElement partial = await AskAsync(client, Queries[0]);
        Assert.True(partial.GetProperty("approximate").GetBoolean());
        string[] missing = [.. partial.GetProperty("missing").EnumerateArray().Select(sentence => sentence.GetString()!)];
        Assert.NotEmpty(missing);
        Assert.All(missing, sentence => Assert.Matches(@"^Shard \d of 6 .*: \d of 7 images were not looked at\.$", sentence));
        Assert.All(missing, sentence => Assert.DoesNotContain("127.0.0.1", sentence, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_store_without_its_gallery_shows_pictures_below_the_folder_of_pictures_and_nothing_else()
    {
        MemoryStore store = await MemoryStore.CreateAsync(photos.Gallery, 0.3, cancellationToken: Cancellation);
        float[] row = photos.Gallery.StoreRowAt(0, 0.3).Vector.ToArray();
        await store.UpsertAsync([RowOf("../secret/secret.txt", row), RowOf("../gallery/manifest.json", row), RowOf("gone.jpg", row)], Cancellation);
        await using WebApplication application = await photos.StartAsync(
            new() { ["ZeroShotCir:Gallery:Folder"] = null, ["ZeroShotCir:Web:PictureFolder"] = photos.Photos }, services => services.AddSingleton<IGalleryStore>(store));
        using HttpClient client = PhotoServer.ClientOf(application);

        JsonElement gallery = JsonDocument.Parse(await client.GetStringAsync("api/gallery", Cancellation)).RootElement;
        Assert.Equal(0.3, gallery.GetProperty("defaults").GetProperty("beta").GetDouble());
        Assert.Empty(gallery.GetProperty("folders").EnumerateArray());
        JsonElement found = await AskAsync(client, $$"""{"text":"red","folder":"{{Trip}}","count":3}""");
        Assert.Equal(3, Ids(found).Length);
        Assert.All(Ids(found), id => Assert.StartsWith(Trip, id, StringComparison.Ordinal));
        Assert.False(found.TryGetProperty("searched", out _));
        foreach (JsonElement hit in found.GetProperty("hits").EnumerateArray())
        {
            JsonElement item = hit.GetProperty("item");
            byte[] expected = await File.ReadAllBytesAsync(Path.Combine(photos.Photos, item.GetProperty("id").GetString()!), Cancellation);
            Assert.Equal(expected, await client.GetByteArrayAsync(item.GetProperty("picture").GetString(), Cancellation));
            Assert.NotEmpty(await client.GetByteArrayAsync(item.GetProperty("thumbnail").GetString(), Cancellation));
        }

        foreach (string id in new[] { "../secret/secret.txt", "../gallery/manifest.json", "gone.jpg", "nobody.jpg", "/etc/hostname", $"{Trip}/../../../gallery/manifest.json" })
        {
            using HttpResponseMessage refused = await client.GetAsync($"api/items/picture?id={Uri.EscapeDataString(id)}", Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }

        JsonElement one = JsonDocument.Parse(await client.GetStringAsync($"api/items?id={Uri.EscapeDataString($"{Trip}/IMG_3919.png")}", Cancellation)).RootElement;
        Assert.Equal(Trip, one.GetProperty("folder").GetString());

        // What a store cannot do is said beforehand, and the rest works.
        JsonElement strategies = JsonDocument.Parse(await client.GetStringAsync("api/strategies", Cancellation)).RootElement;
        string[] blocked = [.. strategies.EnumerateArray().Where(row => row.TryGetProperty("unavailable", out _)).Select(row => row.GetProperty("name").GetString()!)];
        Assert.Contains("prf", blocked);
        Assert.Contains("basic", blocked);
        Assert.DoesNotContain("late-linear", blocked);
        foreach (string name in blocked)
        {
            using HttpResponseMessage answer = await PostAsync(client, $$"""{"text":"red","references":[{"item":"{{Trip}}/IMG_3919.png"}],"strategy":"{{name}}"}""");
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    [Fact]
    public async Task An_answer_from_candidates_says_how_many_were_looked_at_and_days_are_those_that_were_noted()
    {
        int dimensions = photos.Gallery.Dimensions;
        Random random = new(5);
        float[][] rows = [.. Enumerable.Range(0, 900).Select(_ => Enumerable.Range(0, dimensions).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray())];
        IReadOnlyDictionary<string, string>[] metadata = [.. Enumerable.Range(0, 900).Select(i => new Dictionary<string, string>
        {
            ["taken"] = i % 3 == 0 ? "2019:07:01 10:00:00" : $"20{10 + (i % 20)}-07-01T10:00:00",
        })];
        Gallery gallery = Gallery.FromEmbeddings([.. Enumerable.Range(0, 900).Select(i => $"{i}.jpg")], EmbeddingMatrix.FromRows(rows), metadata: metadata);
        MemoryStore store = await MemoryStore.CreateAsync(gallery, 0.1, isExact: false, cancellationToken: Cancellation);
        await using WebApplication application = await photos.StartAsync(
            new() { ["ZeroShotCir:Gallery:Folder"] = null }, services => services.AddSingleton<IGalleryStore>(store));
        using HttpClient client = PhotoServer.ClientOf(application);

        JsonElement found = await AskAsync(client, """{"text":"red","count":5,"fold":false}""");
        Assert.True(found.GetProperty("approximate").GetBoolean());
        Assert.Equal(200, found.GetProperty("depth").GetInt32());
        Assert.Equal(900, found.GetProperty("searched").GetInt64());

        JsonElement days = await AskAsync(client, """{"text":"red","from":"2019-06-01","to":"2021-07-01","count":200,"fold":false}""");
        string[] dates = [.. days.GetProperty("hits").EnumerateArray().Select(hit => hit.GetProperty("item").GetProperty("date").GetString()!)];
        Assert.NotEmpty(dates);
        Assert.All(dates, date => Assert.InRange(date, "2019-06-01", "2021-07-01", StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(",\"folder\":\"2019\"", HttpStatusCode.BadRequest, "Leave the folder and the days out.")]
    [InlineData(",\"from\":\"2019-06-01\"", HttpStatusCode.BadRequest, "Leave the folder and the days out.")]
    [InlineData("", HttpStatusCode.ServiceUnavailable, "its log says why")]
    public async Task What_is_not_supported_is_a_filters_fault_only_where_there_is_one(string filter, HttpStatusCode status, string said)
    {
        MemoryStore store = await MemoryStore.CreateAsync(photos.Gallery, 0.3, cancellationToken: Cancellation);
        store.Failure = new NotSupportedException("The driver cannot do that.");
        await using WebApplication application = await photos.StartAsync(
            new() { ["ZeroShotCir:Gallery:Folder"] = null, ["ZeroShotCir:Gallery:WarmUp"] = "false" }, services => services.AddSingleton<IGalleryStore>(store));
        using HttpClient client = PhotoServer.ClientOf(application);

        using HttpResponseMessage answer = await PostAsync(client, $$"""{"text":"red"{{filter}}}""");

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(said, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    private static StoreRow RowOf(string id, float[] row) => new(new GalleryItem(id), row, row);

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

    private static string[] Ids(JsonElement body)
        => [.. body.GetProperty("hits").EnumerateArray().Select(hit => hit.GetProperty("item").GetProperty("id").GetString()!)];

    private static double[] Scores(JsonElement body) => [.. body.GetProperty("hits").EnumerateArray().Select(hit => hit.GetProperty("score").GetDouble())];

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string query)
    {
        using StringContent content = new(query, Encoding.UTF8, "application/json");
        return await client.PostAsync(new Uri("api/search", UriKind.Relative), content, Cancellation);
    }

    private static async Task<JsonElement> AskAsync(HttpClient client, string query)
    {
        using HttpResponseMessage answer = await PostAsync(client, query);
        string body = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, body);
        return JsonDocument.Parse(body).RootElement;
    }
}
