using System.Text.Json;
using ZeroShotCir.Answers;
using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Extensions.AI.Composition;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Grids;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Tests.Chat;

namespace ZeroShotCir.Tests.Composition;

public sealed class ChatTargetRerankerTests : IDisposable
{
    private static readonly ComposedQuery Query = new() { Image = Picture(9), Text = "make it blue" };
    private static readonly ImageData[] Four = [.. Enumerable.Range(0, 4).Select(Picture)];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cir-reranker-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task One_request_orders_all_pictures_each_behind_its_number()
    {
        FakeChatRequest? seen = null;
        await using FakeChatServer server = new(request =>
        {
            seen = request;
            return FakeChatServer.Order(3, 1, 4, 2);
        });

        IReadOnlyList<RerankedCandidate> order = await new ChatTargetReranker(server.CreateClient(), Options()).RerankAsync(Query, Four, Token);

        Assert.Equal([2, 0, 3, 1], order.Select(candidate => candidate.Position));
        Assert.All(order, candidate => Assert.Equal((true, null), (candidate.IsJudged, candidate.Fit)));
        Assert.Equal([9, 0, 1, 2, 3], seen!.Images.Select(image => image[3]));
        Assert.All(["1:", "2:", "3:", "4:", "make it blue", "numbers from 1 to 4"], part => Assert.Contains(part, seen.Text, StringComparison.Ordinal));
        Assert.Equal(1, seen.Number);
    }

    [Fact]
    public async Task A_grid_is_one_picture()
    {
        FakeChatRequest? seen = null;
        await using FakeChatServer server = new(request =>
        {
            seen = request;
            return FakeChatServer.Order(2, 1, 3, 4);
        });
        NumberedGrid grid = new(new OnePixel());
        ChatTargetReranker reranker = new(server.CreateClient(), new ChatRerankerOptions { Chat = FakeChatClient.Quick, Grid = grid });

        IReadOnlyList<RerankedCandidate> order = await reranker.RerankAsync(Query, Four, Token);

        Assert.Equal([1, 0, 2, 3], order.Select(candidate => candidate.Position));
        Assert.Equal(2, seen!.Images.Count);
        Assert.Equal(grid.Draw(Four).Data.ToArray(), seen.Images[1]);
        Assert.NotEqual(reranker.RerankerId, new ChatTargetReranker(server.CreateClient(), Options()).RerankerId);
    }

    [Theory]
    [InlineData("[2, 2, 1, 3]", new[] { 1, 0, 2, 3 }, 3)]
    [InlineData("[4]", new[] { 3, 0, 1, 2 }, 1)]
    [InlineData("[3, 1, 3, 1, 3]", new[] { 2, 0, 1, 3 }, 2)]
    public async Task What_is_left_out_or_named_twice_is_asked_again_then_taken_and_said(string answer, int[] expected, int judged)
    {
        await using FakeChatServer server = new(_ => FakeChatServer.Answer($$"""{"order": {{answer}}}"""));
        ChatTargetReranker reranker = new(server.CreateClient(), Options());

        IReadOnlyList<RerankedCandidate> order = await reranker.RerankAsync(Query, Four, Token);

        Assert.Equal(expected, order.Select(candidate => candidate.Position));
        Assert.Equal(judged, order.Count(candidate => candidate.IsJudged));
        Assert.Equal((1, 3L), (reranker.Incomplete, reranker.Usage.Requests));
    }

    [Theory]
    [InlineData("[0, 1, 2, 3]", "names picture 0")]
    [InlineData("[1, 2, 3, 5]", "names picture 5")]
    [InlineData("[1.5, 2, 3, 4]", "names picture 1.5")]
    [InlineData("[\"1\", \"2\", \"3\", \"4\"]", "no JSON")]
    [InlineData("[]", "no JSON")]
    public async Task An_order_of_other_pictures_is_none(string answer, string complaint)
    {
        await using FakeChatServer server = new(_ => FakeChatServer.Answer($$"""{"order": {{answer}}}"""));
        ChatTargetReranker reranker = new(server.CreateClient(), Options());

        InvalidChatResponseException e = await Assert.ThrowsAsync<InvalidChatResponseException>(async () => await reranker.RerankAsync(Query, Four, Token));

        Assert.Contains(complaint, e.Message, StringComparison.Ordinal);
        Assert.Equal(3, reranker.Usage.Requests);
    }

    [Fact]
    public async Task Whatever_numbers_are_answered_every_picture_has_one_place_or_the_answer_is_refused()
    {
        Random random = new(7);
        int[] answer = [];
        await using FakeChatServer server = new(_ => FakeChatServer.Answer(JsonSerializer.Serialize(answer)));
        ChatTargetReranker reranker = new(server.CreateClient(), new ChatRerankerOptions { Chat = new ChatSettings(FakeChatClient.Quick) { MaxRepeats = 0 } });
        int refused = 0;
        for (int i = 0; i < 60; i++)
        {
            answer = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => random.Next(20) == 0 ? random.Next(-1, 7) : random.Next(1, 5))];
            if (answer.Any(number => number is < 1 or > 4))
            {
                await Assert.ThrowsAsync<InvalidChatResponseException>(async () => await reranker.RerankAsync(Query, Four, Token));
                refused++;
                continue;
            }

            IReadOnlyList<RerankedCandidate> order = await reranker.RerankAsync(Query, Four, Token);
            Assert.Equal(answer.Distinct().Concat(Enumerable.Range(1, 4).Where(number => !answer.Contains(number))), order.Select(candidate => candidate.Position + 1));
        }

        Assert.InRange(refused, 1, 59);
    }

    [Fact]
    public async Task One_picture_or_none_is_not_asked_about()
    {
        await using FakeChatServer server = new(_ => FakeChatServer.Order(1));
        ChatTargetReranker reranker = new(server.CreateClient(), Options());

        Assert.Single(await reranker.RerankAsync(Query, [Picture(1)], Token));
        Assert.Empty(await reranker.RerankAsync(Query, [], Token));
        Assert.Equal(0, reranker.Usage.Requests);
    }

    [Fact]
    public async Task An_order_is_kept_for_these_pictures_in_this_order()
    {
        await using FakeChatServer server = new(_ => FakeChatServer.Order(4, 2));
        string file = Path.Combine(_folder.FullName, "orders.jsonl");
        ChatTargetReranker reranker = new(server.CreateClient(), new ChatRerankerOptions { Chat = new ChatSettings(FakeChatClient.Quick) { MaxRepeats = 0 } });
        using AnswerStore store = AnswerStore.Open(file);
        StoredTargetReranker stored = new(reranker, store);
        Assert.False(stored.IsKnown(Query, Four));

        IReadOnlyList<RerankedCandidate> first = await stored.RerankAsync(Query, Four, Token);
        IReadOnlyList<RerankedCandidate> second = await stored.RerankAsync(Query, Four, Token);
        IReadOnlyList<RerankedCandidate> turned = await stored.RerankAsync(Query, [.. Four.Reverse()], Token);

        Assert.Equal([3, 1, 0, 2], first.Select(candidate => candidate.Position));
        Assert.Equal([true, true, false, false], second.Select(candidate => candidate.IsJudged));
        Assert.Equal(first.Select(candidate => candidate.Position), second.Select(candidate => candidate.Position));
        Assert.Equal(4, turned.Count);
        Assert.Equal((2, 1, 2L), (stored.Asked, stored.Reused, reranker.Usage.Requests));
        Assert.True(stored.IsKnown(Query, Four));
    }

    [Fact]
    public async Task What_is_stored_as_an_order_and_is_none_is_refused_by_name()
    {
        await using FakeChatServer server = new(_ => FakeChatServer.Order(1, 2, 3, 4));
        string file = Path.Combine(_folder.FullName, "orders.jsonl");
        ChatTargetReranker reranker = new(server.CreateClient(), Options());
        using (AnswerStore store = AnswerStore.Open(file))
        {
            await new StoredTargetReranker(reranker, store).RerankAsync(Query, Four, Token);
        }

        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, Token)).Replace("\"4\"", "\"5\"", StringComparison.Ordinal), Token);
        using AnswerStore spoiled = AnswerStore.Open(file);

        InvalidAnswerStoreException e = await Assert.ThrowsAsync<InvalidAnswerStoreException>(
            async () => await new StoredTargetReranker(reranker, spoiled).RerankAsync(Query, Four, Token));

        Assert.Contains("names \"5\", expected a number from 1 to 4", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_estimate_counts_what_is_then_sent()
    {
        int requests = 0, pictures = 0;
        await using FakeChatServer server = new(request =>
        {
            Interlocked.Increment(ref requests);
            Interlocked.Add(ref pictures, request.Images.Count);
            return request.Body.TryGetProperty("logprobs", out _) ? FakeChatServer.FirstToken(("Yes", -0.1), ("No", -3))
                : request.Text.Contains("\"order\"", StringComparison.Ordinal) ? FakeChatServer.Order(1, 2, 3, 4) : FakeChatServer.Fit("5");
        });
        ChatSettings priced = new ChatSettings(FakeChatClient.Quick) { Price = new ChatPrice(2, 10), MaxEdge = 280 };
        ChatTargetVerifier fit = new(server.CreateClient(), new ChatVerifierOptions { Chat = priced });
        ChatYesNoVerifier yesNo = new(server.CreateClient(), new ChatYesNoOptions { Chat = priced });
        ChatTargetReranker list = new(server.CreateClient(), new ChatRerankerOptions { Chat = priced });
        ChatTargetReranker grid = new(server.CreateClient(), new ChatRerankerOptions { Chat = priced, Grid = new NumberedGrid(new OnePixel()) });

        await Holds(fit.Estimate(Query, Four), fit);
        await Holds(yesNo.Estimate(Query, Four), yesNo);
        await Holds(list.Estimate(Query, Four), list);
        await Holds(grid.Estimate(Query, Four), grid);

        // A picture of 280 × 280 is 10 × 10 patches, and a list shows five of them.
        Assert.InRange(list.Estimate(Query, Four).InputTokens, 500, 900);
        Assert.Equal((0L, null), (ChatEstimate.Sum([]).Requests, ChatEstimate.Sum([]).Cost));
        Assert.Equal(4, yesNo.Estimate(Query, Four).OutputTokens);

        async Task Holds(ChatEstimate estimate, ITargetReranker reranker)
        {
            (requests, pictures) = (0, 0);
            await reranker.RerankAsync(Query, Four, Token);
            Assert.Equal((requests, pictures), (estimate.Requests, estimate.Pictures));
            Assert.Equal(((2m * estimate.InputTokens) + (10m * estimate.OutputTokens)) / 1_000_000m, estimate.Cost);
        }
    }

    private static ImageData Picture(int number) => new(new byte[] { 0xFF, 0xD8, 0xFF, (byte)number }, "image/jpeg");

    private static ChatRerankerOptions Options() => new() { Chat = FakeChatClient.Quick };

    private sealed class OnePixel : IImageDecoder
    {
        public string Name => "one pixel";

        public RgbImage Decode(ReadOnlySpan<byte> encoded, DecodeOptions options) => new(new byte[] { encoded[3], 0, 0 }, 1, 1);
    }
}
