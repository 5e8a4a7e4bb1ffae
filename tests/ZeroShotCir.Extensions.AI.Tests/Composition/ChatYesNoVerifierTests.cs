using System.Text.Json;
using ZeroShotCir.Answers;
using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Extensions.AI.Composition;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Tests.Chat;
using ZeroShotCir.Tests.Http;

namespace ZeroShotCir.Tests.Composition;

public sealed class ChatYesNoVerifierTests
{
    private static readonly ComposedQuery Query = new() { Image = Picture(9), Text = "make it blue" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_fit_is_the_sigmoid_of_the_two_log_probabilities()
    {
        JsonElement? sent = null;
        await using FakeChatServer server = new(request =>
        {
            sent = request.Body;
            return FakeChatServer.FirstToken(("Yes", -0.4), (" Yes", -2.5), ("No", -1.9), ("no", -4.5), ("Maybe", -6), ("yes", -7));
        });
        ChatYesNoVerifier verifier = new(server.CreateClient(), Options());

        double fit = await verifier.VerifyAsync(Query, Picture(1), Token);

        double yes = Math.Log(Math.Exp(-0.4) + Math.Exp(-2.5) + Math.Exp(-7)), no = Math.Log(Math.Exp(-1.9) + Math.Exp(-4.5));
        Assert.Equal(1 / (1 + Math.Exp(no - yes)), fit, 1e-12);
        Assert.Equal((0, Math.Exp(yes) + Math.Exp(no)), (verifier.Bounded, verifier.LeastMass));
        Assert.True(sent!.Value.GetProperty("logprobs").GetBoolean());
        Assert.Equal(20, sent.Value.GetProperty("top_logprobs").GetInt32());
        Assert.Equal(1, sent.Value.GetProperty("max_completion_tokens").GetInt32());
        Assert.False(sent.Value.TryGetProperty("response_format", out _));
    }

    [Theory]
    [InlineData(" Yes", "No")]
    [InlineData("yes", " no")]
    [InlineData("\u2581Yes", "\u2581No")]
    [InlineData("\u0120YES", "\u0120NO")]
    public async Task Tokens_count_however_a_tokenizer_writes_blanks_and_case(string yes, string no)
    {
        await using FakeChatServer server = new(_ => FakeChatServer.FirstToken((yes, Math.Log(0.6)), (no, Math.Log(0.2)), ("Yesterday", Math.Log(0.15))));

        Assert.Equal(0.75, await new ChatYesNoVerifier(server.CreateClient(), Options()).VerifyAsync(Query, Picture(1), Token), 1e-9);
    }

    [Fact]
    public async Task Bytes_go_before_the_text_of_a_token()
    {
        await using FakeChatServer server = new(_ => LoopbackResponse.Json("""
            {"choices": [{"message": {"role": "assistant", "content": "?"}, "logprobs": {"content": [{"token": "?", "logprob": -0.3, "bytes": [89, 101, 115],
              "top_logprobs": [{"token": "?", "logprob": -0.3, "bytes": [89, 101, 115]}, {"token": "?", "logprob": -1.9, "bytes": [78, 111]}]}]}}]}
            """));

        double fit = await new ChatYesNoVerifier(server.CreateClient(), Options()).VerifyAsync(Query, Picture(1), Token);

        Assert.Equal(1 / (1 + Math.Exp(-1.9 + 0.3)), fit, 1e-12);
    }

    [Fact]
    public async Task A_side_that_is_not_listed_is_bounded_and_said()
    {
        await using FakeChatServer server = new(request => request.Number == 1
            ? FakeChatServer.FirstToken(("Yes", Math.Log(0.9)), ("Maybe", Math.Log(0.06)), ("Well", Math.Log(0.03)))
            : FakeChatServer.FirstToken(("No", Math.Log(0.98)), ("Yes", -9999)));
        ChatYesNoVerifier verifier = new(server.CreateClient(), Options());

        // What is left over, 0.01, is less than the least that is listed.
        Assert.Equal(0.9 / 0.91, await verifier.VerifyAsync(Query, Picture(1), Token), 1e-9);
        Assert.Equal(0.02, await verifier.VerifyAsync(Query, Picture(2), Token), 1e-9);
        Assert.Equal(2, verifier.Bounded);
        Assert.Equal(0.9, verifier.LeastMass, 1e-9);
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("\n")]
    [InlineData("<think>")]
    public async Task An_answer_that_begins_with_something_else_is_none(string token)
    {
        await using FakeChatServer server = new(_ => FakeChatServer.FirstToken((token, Math.Log(0.7)), ("Yes", Math.Log(0.2)), ("No", Math.Log(0.05))));
        ChatYesNoVerifier verifier = new(server.CreateClient(), Options());

        InvalidChatResponseException e = await Assert.ThrowsAsync<InvalidChatResponseException>(async () => await verifier.VerifyAsync(Query, Picture(1), Token));

        Assert.Contains("asked for yes or no", e.Message, StringComparison.Ordinal);
        Assert.Equal((1, 1), (verifier.Usage.Requests, verifier.Usage.Unusable));
    }

    [Fact]
    public async Task A_server_that_gives_no_probabilities_is_refused_once_and_for_all()
    {
        await using FakeChatServer server = new(_ => FakeChatServer.Answer("Yes"));

        ChatUnavailableException e = await Assert.ThrowsAsync<ChatUnavailableException>(
            async () => await new ChatYesNoVerifier(server.CreateClient(), Options()).VerifyAsync(Query, Picture(1), Token));

        Assert.True(e.IsFinal);
        Assert.Contains("logprobs", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_refuses_the_setting_is_refused_once_and_for_all()
    {
        await using FakeChatServer server = new(_ => LoopbackResponse.Text(
            400, """{"error": {"message": "logprobs are not supported with reasoning """
                + """models.", "type": "invalid_request_error", "param": "logprobs", "code": "unsupported_parameter"}}""", "application/json"));

        ChatUnavailableException e = await Assert.ThrowsAsync<ChatUnavailableException>(
            async () => await new ChatYesNoVerifier(server.CreateClient(), Options()).VerifyAsync(Query, Picture(1), Token));

        Assert.True(e.IsFinal);
    }

    [Fact]
    public async Task A_client_that_no_handler_stands_below_is_told_what_is_missing()
    {
        await using FakeChatServer server = new(_ => FakeChatServer.FirstToken(("Yes", -0.1), ("No", -3)));

        ChatUnavailableException e = await Assert.ThrowsAsync<ChatUnavailableException>(
            async () => await new ChatYesNoVerifier(server.CreateBareClient(), Options()).VerifyAsync(Query, Picture(1), Token));

        Assert.Contains(nameof(ChatHttpHandler), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verdicts_of_concurrent_callers_are_their_own_and_kept()
    {
        await using FakeChatServer server = new(request =>
        {
            double yes = (request.Images[1][3] + 1) / 40.0;
            return FakeChatServer.FirstToken(("Yes", Math.Log(yes)), ("No", Math.Log(1 - yes)));
        });
        string file = Path.Combine(Directory.CreateTempSubdirectory("cir-yes-no-").FullName, "verdicts.jsonl");
        ImageData[] pictures = [.. Enumerable.Range(0, 30).Select(Picture)];
        using (AnswerStore store = AnswerStore.Open(file))
        {
            ChatYesNoVerifier verifier = new(server.CreateClient(), Options());
            StoredTargetVerifier stored = new(verifier, store);
            Assert.False(stored.IsKnown(Query, pictures[0]));

            IReadOnlyList<RerankedCandidate> order = await ((ITargetReranker)stored).RerankAsync(Query, pictures, Token);
            IReadOnlyList<RerankedCandidate> again = await ((ITargetReranker)stored).RerankAsync(Query, pictures, Token);

            Assert.Equal([.. Enumerable.Range(0, 30).Reverse()], order.Select(candidate => candidate.Position));
            Assert.All(order, candidate => Assert.Equal((candidate.Position + 1) / 40.0, candidate.Fit!.Value, 1e-9));
            Assert.Equal(order.Select(candidate => candidate.Fit), again.Select(candidate => candidate.Fit));
            Assert.Equal((30L, 30, 30), (verifier.Usage.Requests, stored.Asked, stored.Reused));
            Assert.True(stored.IsKnown(Query, pictures[0]));
        }

        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    private static ImageData Picture(int number) => new(new byte[] { 0xFF, 0xD8, 0xFF, (byte)number }, "image/jpeg");

    private static ChatYesNoOptions Options() => new() { Chat = FakeChatClient.Quick };
}
