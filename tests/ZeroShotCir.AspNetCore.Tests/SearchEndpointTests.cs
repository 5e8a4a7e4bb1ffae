using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Tests;

public sealed class SearchEndpointTests(PhotoServer server) : IClassFixture<PhotoServer>
{
    private const string Trip = "2019/Trip #2";

    [Fact]
    public async Task Hits_and_scores_are_those_of_the_retriever()
    {
        foreach ((double alpha, double beta) in new[] { (0.8, 0.1), (0.3, 0.7), (1.0, 0.0) })
        {
            RetrievalRanking expected = await server.Monitor.Current.SearchAsync(
                new ComposedQuery
                {
                    Text = "is red",
                    ReferenceId = $"{Trip}/IMG_3919.png",
                    Strategy = CompositionStrategy.Weighted.WithAlpha(alpha),
                    Beta = beta,
                    ExcludeReference = true,
                },
                7,
                TestContext.Current.CancellationToken);

            (HttpStatusCode status, JsonElement body) = await server.SearchAsync(FormattableString.Invariant(
                $$"""{"text":"is red","references":[{"item":"{{Trip}}/IMG_3919.png"}],"alpha":{{alpha}},"beta":{{beta}},"count":7,"fold":false}"""));

            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Equal(expected.Select(hit => (hit.Id, hit.Score)), Hits(body).Select(hit => (Id(hit), hit.GetProperty("score").GetSingle())));
        }
    }

    [Fact]
    public async Task An_uploaded_picture_is_searched_with_and_neither_it_nor_its_copies_are_answers()
    {
        string picture = await server.UploadAsync(Path.Combine(server.Photos, "2019", "Trip #2", "IMG_3924.jpg"));

        (_, JsonElement body) = await server.SearchAsync($$"""{"references":[{"picture":"{{picture}}"}]}""");
        Assert.Equal(5, Hits(body).Count);
        Assert.DoesNotContain($"{Trip}/IMG_3924.jpg", Hits(body).Select(Id));
        Assert.DoesNotContain("best of/a copy.jpg", Hits(body).Select(Id));

        (_, body) = await server.SearchAsync($$"""{"references":[{"picture":"{{picture}}"}],"includeReferences":true}""");
        Assert.Equal(6, Hits(body).Count);
        Assert.Equal(1, Hits(body)[0].GetProperty("score").GetSingle(), 4);
        IEnumerable<string> copies = Hits(body)[0].GetProperty("copies").EnumerateArray().Select(copy => copy.GetString()!);
        Assert.Equal([$"{Trip}/IMG_3924.jpg", "best of/a copy.jpg"], copies.Append(Id(Hits(body)[0])).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Several_references_must_haves_and_must_nots_count()
    {
        const string References = $$"""{"references":[{"item":"{{Trip}}/IMG_3919.png"},{"item":"{{Trip}}/IMG_3943.jpg","weight":-0.5}],"text":"blue" """;
        (_, JsonElement plain) = await server.SearchAsync($"{References}}}");
        (_, JsonElement soft) = await server.SearchAsync($$"""{{References}},"mustHave":["sleeves"],"mustNot":["red"]}""");

        Assert.Equal("weighted", plain.GetProperty("strategy").GetString());
        Assert.Equal("soft:lambda=1", soft.GetProperty("strategy").GetString());
        Assert.NotEqual(Hits(plain).Select(hit => hit.GetProperty("score").GetSingle()), Hits(soft).Select(hit => hit.GetProperty("score").GetSingle()));
    }

    [Fact]
    public async Task Filters_and_the_least_score_leave_what_fits()
    {
        (_, JsonElement folder) = await server.SearchAsync("""{"text":"red","folder":"2019/Trip #2"}""");
        (_, JsonElement other) = await server.SearchAsync("""{"text":"red","folder":"best of/"}""");
        (_, JsonElement nowhere) = await server.SearchAsync("""{"text":"red","folder":"2019/Trip"}""");
        (_, JsonElement past) = await server.SearchAsync("""{"text":"red","to":"1999-12-31"}""");
        (_, JsonElement all) = await server.SearchAsync("""{"text":"red"}""");
        float third = Hits(all)[2].GetProperty("score").GetSingle();
        (_, JsonElement best) = await server.SearchAsync(FormattableString.Invariant($$"""{"text":"red","minScore":{{third:R}}}"""));

        Assert.Equal(6, Hits(folder).Count);
        Assert.Equal("best of/a copy.jpg", Id(Assert.Single(Hits(other))));
        Assert.Empty(Hits(nowhere));
        Assert.Empty(Hits(past));
        Assert.Equal(3, Hits(best).Count);
    }

    [Fact]
    public async Task Pictures_and_thumbnails_are_given_once()
    {
        (_, JsonElement body) = await server.SearchAsync("""{"text":"red","folder":"2019/Trip #2"}""");
        foreach (JsonElement hit in Hits(body))
        {
            using HttpResponseMessage picture = await GetAsync(hit.GetProperty("item").GetProperty("picture").GetString()!);
            using HttpResponseMessage small = await GetAsync(hit.GetProperty("item").GetProperty("thumbnail").GetString()! + "&edge=32");
            byte[] expected = await File.ReadAllBytesAsync(Path.Combine(server.Photos, Id(hit)), TestContext.Current.CancellationToken);
            Assert.Equal(expected, await picture.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
            Assert.StartsWith("image/", small.Content.Headers.ContentType!.MediaType, StringComparison.Ordinal);
            Assert.Equal("nosniff", small.Headers.GetValues("X-Content-Type-Options").Single());

            using HttpRequestMessage again = new(HttpMethod.Get, hit.GetProperty("item").GetProperty("picture").GetString());
            again.Headers.IfNoneMatch.Add(picture.Headers.ETag!);
            using HttpResponseMessage unchanged = await server.Client.SendAsync(again, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        }
    }

    [Fact]
    public async Task The_gallery_its_strategies_the_page_and_OpenAPI_describe_themselves()
    {
        JsonElement gallery = await JsonAsync("api/gallery");
        Assert.Equal(7, gallery.GetProperty("images").GetInt32());
        Assert.Equal([("2019", 6), ("2019/Trip #2", 6), ("best of", 1)],
            gallery.GetProperty("folders").EnumerateArray().Select(folder => (folder.GetProperty("path").GetString()!, folder.GetProperty("images").GetInt32())));
        Assert.Equal(0.8, gallery.GetProperty("defaults").GetProperty("alpha").GetDouble());

        JsonElement strategies = await JsonAsync("api/strategies");
        Assert.Equal(StrategyTable.Names, strategies.EnumerateArray().Select(strategy => strategy.GetProperty("name").GetString()));
        foreach (JsonElement strategy in strategies.EnumerateArray().Where(strategy => !strategy.TryGetProperty("unavailable", out _)))
        {
            (HttpStatusCode status, JsonElement body) = await server.SearchAsync(
                $$"""{"text":"red","references":[{"item":"{{Trip}}/IMG_3919.png"}],"strategy":"{{strategy.GetProperty("name").GetString()}}" {{Constraints(strategy)}} }""");
            Assert.True(status == HttpStatusCode.OK, body.GetRawText());
        }

        JsonElement api = await JsonAsync("api/openapi.json");
        JsonElement search = api.GetProperty("paths").GetProperty("/api/search").GetProperty("post");
        Assert.Equal(["200", "400", "404", "413", "415", "429", "503"], search.GetProperty("responses").EnumerateObject().Select(response => response.Name));
        Assert.Contains("mustHave", search.GetProperty("requestBody").GetRawText() + api.GetProperty("components").GetRawText(), StringComparison.Ordinal);

        using HttpResponseMessage page = await GetAsync("");
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains("default-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Concurrent_searches_get_the_answers_of_serial_ones()
    {
        OnnxModelFolder model = OnnxModelFolder.Open(PhotoServer.Model);
        using OnnxTextEncoder encoder = model.CreateTextEncoder();
        ComposedImageRetriever serial = new(server.Gallery, null, encoder);
        string[] words = ["red", "blue", "a green shirt", "long sleeves", "stripes", "a dress"];
        string[] texts = [.. Enumerable.Range(0, 60).Select(i => $"{words[i % words.Length]} {i}")];

        (HttpStatusCode Status, JsonElement Body)[] answers = await Task.WhenAll(texts.Select(text => server.SearchAsync($$"""{"text":"{{text}}","count":7,"fold":false}""")));

        for (int i = 0; i < texts.Length; i++)
        {
            RetrievalRanking expected = await serial.SearchAsync(new ComposedQuery { Text = texts[i] }, 7, TestContext.Current.CancellationToken);
            Assert.Equal(expected.Select(hit => (hit.Id, hit.Score)), Hits(answers[i].Body).Select(hit => (Id(hit), hit.GetProperty("score").GetSingle())));
        }
    }

    [Fact]
    public async Task An_uploaded_picture_is_read_together_with_the_text_where_a_model_does()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        OnnxModelFolder model = OnnxModelFolder.Open(PhotoServer.Model);
        using OnnxImageEncoder images = model.CreateImageEncoder(new SkiaImageDecoder());
        using OnnxTextEncoder texts = model.CreateTextEncoder();
        TwoTowerComposedEncoder composed = TwoTowerComposedEncoder.Weighted(images, texts, 0.4);
        await using WebApplication application = await server.StartAsync([], services => services.AddSingleton<IComposedEncoder>(composed));
        using HttpClient client = PhotoServer.ClientOf(application);
        byte[] picture = await File.ReadAllBytesAsync(Path.Combine(server.Photos, "2019", "Trip #2", "IMG_3919.png"), token);
        using ByteArrayContent body = new(picture);
        body.Headers.ContentType = new("image/png");
        using HttpResponseMessage taken = await client.PostAsync(new Uri("api/pictures", UriKind.Relative), body, token);
        string name = JsonDocument.Parse(await taken.Content.ReadAsStringAsync(token)).RootElement.GetProperty("picture").GetString()!;

        using StringContent asked = new(
            $$"""{"text":"in blue","references":[{"picture":"{{name}}"}],"strategy":"joint","count":7,"fold":false}""", System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage found = await client.PostAsync(new Uri("api/search", UriKind.Relative), asked, token);
        string answer = await found.Content.ReadAsStringAsync(token);
        Assert.True(found.IsSuccessStatusCode, answer);

        ComposedImageRetriever retriever = new(server.Gallery, images, texts, composedEncoder: composed);
        RetrievalRanking expected = await retriever.SearchAsync(
            new ComposedQuery { Image = ImageData.FromBytes(picture), Text = "in blue", Strategy = StrategyTable.Parse("joint") }, 7, token);
        Assert.Equal(expected.Select(hit => hit.Id), Hits(JsonDocument.Parse(answer).RootElement).Select(Id));
    }

    private static string Constraints(JsonElement strategy)
        => string.Concat(strategy.GetProperty("needs").EnumerateArray().Select(need => need.GetString()!)
            .Where(need => need.StartsWith("must", StringComparison.Ordinal)).Select(need => $",\"{need}\":[\"blue\"]"));

    private static IReadOnlyList<JsonElement> Hits(JsonElement body) => [.. body.GetProperty("hits").EnumerateArray()];

    private static string Id(JsonElement hit) => hit.GetProperty("item").GetProperty("id").GetString()!;

    private async Task<HttpResponseMessage> GetAsync(string address)
    {
        HttpResponseMessage response = await server.Client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response;
    }

    private async Task<JsonElement> JsonAsync(string address)
    {
        using HttpResponseMessage response = await GetAsync(address);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
    }
}
