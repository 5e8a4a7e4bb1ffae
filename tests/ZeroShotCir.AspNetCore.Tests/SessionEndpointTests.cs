using System.Net;
using System.Text.Json;
using ZeroShotCir.Composition;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Sessions;

namespace ZeroShotCir.Tests;

/// <summary>Searches that go on from earlier ones, which the client brings along.</summary>
public sealed class SessionEndpointTests(PhotoServer server) : IClassFixture<PhotoServer>
{
    private const string Trip = "2019/Trip #2";

    public static TheoryData<string> Histories => [.. SessionHistory.Names, "fading:keep=0.9", "rocchio:text=0.5,image=0.2,shown=0"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Histories))]
    public async Task A_session_that_the_client_keeps_finds_what_one_of_the_library_finds(string history)
    {
        SearchSession session = new(server.Monitor.Current, new SessionOptions { History = SessionHistory.Parse(history) });
        await session.AskAsync(Query("red", null), 7, Cancellation);
        await session.AskAsync(Query("is blue", "IMG_3919.png"), 7, Cancellation);
        SessionTurn expected = await session.AskAsync(Query("with stripes", "IMG_3943.jpg"), 7, Cancellation);

        (HttpStatusCode status, JsonElement body) = await server.SearchAsync($$"""
            {"text":"with stripes","references":[{"item":"{{Trip}}/IMG_3943.jpg"}],"history":"{{history}}","includeReferences":true,"fold":false,"count":7,
             "turns":[{"text":"red"},{"text":"is blue","references":[{"item":"{{Trip}}/IMG_3919.png"}]}]}
            """);

        Assert.True(status == HttpStatusCode.OK, body.GetRawText());
        Assert.Equal(SessionHistory.Parse(history).Name, body.GetProperty("history").GetString());
        Assert.Equal(
            expected.Results.Select(hit => (hit.Id, hit.Score)),
            Hits(body).Select(hit => (Id(hit), hit.GetProperty("score").GetSingle())));
    }

    [Fact]
    public async Task References_of_earlier_turns_are_no_answers()
    {
        (_, JsonElement body) = await server.SearchAsync($$"""
            {"text":"blue","history":"last-turn","turns":[{"text":"red","references":[{"item":"{{Trip}}/IMG_3919.png"}]}],"fold":false,"count":7}
            """);
        Assert.Equal(6, Hits(body).Count);
        Assert.DoesNotContain($"{Trip}/IMG_3919.png", Hits(body).Select(Id));
    }

    [Fact]
    public async Task Liked_and_disliked_images_move_the_query_by_themselves_and_in_a_session()
    {
        RetrievalRanking expected = await server.Monitor.Current.SearchAsync(
            Query("red", null) with
            {
                Strategy = StrategyTable.Parse("more-less"),
                Terms =
                [
                    QueryTerm.FromItem($"{Trip}/IMG_3943.jpg", role: TermRole.Liked),
                    QueryTerm.FromItem($"{Trip}/IMG_3919.png", role: TermRole.Disliked),
                ],
            },
            7,
            Cancellation);
        string judged = $$""" "liked":["{{Trip}}/IMG_3943.jpg"],"disliked":["{{Trip}}/IMG_3919.png"],"text":"red","fold":false,"count":7 """;

        (_, JsonElement alone) = await server.SearchAsync($"{{{judged}}}");
        Assert.Equal("more-less", alone.GetProperty("strategy").GetString()!.Split(':')[0]);
        Assert.Equal(expected.Select(hit => (hit.Id, hit.Score)), Hits(alone).Select(hit => (Id(hit), hit.GetProperty("score").GetSingle())));

        (_, JsonElement later) = await server.SearchAsync($$"""{{{judged}},"turns":[{"text":"stripes"}]}""");
        Assert.Equal(Hits(alone).Select(Id), Hits(later).Select(Id));

        // An image that is liked is a query of its own.
        (_, JsonElement more) = await server.SearchAsync($$"""{"liked":["{{Trip}}/IMG_3943.jpg"],"fold":false}""");
        Assert.Equal($"{Trip}/IMG_3943.jpg", Id(Hits(more)[0]));
    }

    [Theory]
    [InlineData("""{"text":"red","history":"forgetful"}""", "not known")]
    [InlineData("""{"text":"red","history":"fading:keep=2"}""", "must lie in")]
    [InlineData("""{"text":"red","turns":[{"text":"blue","turns":[{"text":"green"}]}]}""", "without turns")]
    [InlineData("""{"text":"red","turns":[{"text":"blue","history":"fading"}]}""", "without turns")]
    [InlineData("""{"text":"red","turns":[null]}""", "without turns")]
    [InlineData("""{"text":"red","turns":[{}]}""", "says nothing")]
    [InlineData("""{"text":"red","liked":["a"],"disliked":["a"]}""", "one of the two")]
    [InlineData("""{"text":"red","liked":[""]}""", "are ids")]
    [InlineData("""{"text":"red","liked":["nobody.jpg"]}""", "nobody.jpg", 404)]
    [InlineData("""{"text":"red","mustHave":["sleeves"],"history":"rocchio","turns":[{"text":"blue"}]}""", "rocchio")]
    public async Task What_is_no_session_is_refused_in_words(string query, string said, int status = 400)
    {
        (HttpStatusCode found, JsonElement body) = await server.SearchAsync(query);
        Assert.Equal(status, (int)found);
        Assert.Contains(said, body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sixteen_turns_are_taken_and_no_more()
    {
        (HttpStatusCode taken, _) = await server.SearchAsync(Turns(16));
        (HttpStatusCode refused, JsonElement body) = await server.SearchAsync(Turns(17));
        Assert.Equal(HttpStatusCode.OK, taken);
        Assert.Equal(HttpStatusCode.BadRequest, refused);
        Assert.Contains("at most 16", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static string Turns(int count)
        => $$"""{"text":"red","history":"mean-of-queries","turns":[{{string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"text":"turn {{i}}"}"""))}}]}""";

    private static ComposedQuery Query(string text, string? reference) => new()
    {
        Text = text,
        Terms = reference is null ? [] : [QueryTerm.FromItem($"{Trip}/{reference}")],
        Strategy = CompositionStrategy.Weighted,
        Beta = 0.1,
    };

    private static IReadOnlyList<JsonElement> Hits(JsonElement body) => [.. body.GetProperty("hits").EnumerateArray()];

    private static string Id(JsonElement hit) => hit.GetProperty("item").GetProperty("id").GetString()!;
}
