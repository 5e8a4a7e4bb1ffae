using System.Net;
using System.Net.Http.Headers;
using ZeroShotCir.Errors;
using ZeroShotCir.Extensions.AI.Captioning;
using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Imaging;
using ZeroShotCir.Tests.Http;

namespace ZeroShotCir.Tests.Chat;

public sealed class ChatHttpHandlerTests
{
    private static readonly ImageData Image = new(new byte[] { 0xFF, 0xD8, 0xFF, 1, 2, 3 }, "image/jpeg") { Source = "dress.jpg" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"choices": [{"finish_reason": null, "message": {"content": "ANSWER"}}]}""")]
    [InlineData("""{"choices": [{"message": {"content": "ANSWER"}}]}""")]
    [InlineData("""{"choices": [{"finish_reason": "eos", "message": {"role": "model", "content": "ANSWER", "refusal": ""}}]}""")]
    [InlineData("""{"choices": [{"finish_reason": "", "message": {"content": "ANSWER"}}], "usage": null, "error": null}""")]
    [InlineData("""{"choices": [{"finish_reason": "STOP", "index": "0", "message": {"content": [{"type": "text", "text": "ANSWER"}]}}], "usage": """
        + """{"prompt_tokens": 1.5, "completion_tokens": null}}""")]
    [InlineData("""{"choices": [{"finish_reason": "stop", "message": {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "DRAFT"}]}, """
        + """{"type": "text", "text": "ANSWER"}]}}]}""")]
    [InlineData("""{"choices": [{"finish_reason": "stop", "message": {"content": [{"type": "reasoning", "text": "DRAFT"}, "ANSWER"]}}]}""")]
    [InlineData("""{"choices": [{"finish_reason": "stop", "message": {"content": [{"text": "DRAFT", "thought": true}, {"text": "ANSWER"}]}}]}""")]
    [InlineData("""{"choices": [{"finish_reason": "stop", "message": {"content": {"captions": ["a red dress"]}}}]}""")]
    [InlineData("""{"choices": [{"finish_reason": "stop", "message": {"content": "", "reasoning_content": "DRAFT"}}, {"message": {"content": "ANSWER"}}]}""")]
    [InlineData("""{"choices": [{"finish_reason": "stop", "message": {"content": "ANSWER", "reasoning_content": "DRAFT"}}]}""")]
    [InlineData("""{"choices": [{"finish_reason": "stop", "text": "ANSWER"}]}""")]
    [InlineData("""{"message": {"role": "assistant", "content": "ANSWER"}, "done": true, "done_reason": "stop"}""")]
    [InlineData("\uFEFF{\"choices\": [{\"message\": {\"content\": \"ANSWER\"}}],}")]
    public async Task Answers_are_read_whatever_their_envelope(string body)
    {
        int requests = 0;
        await using FakeChatServer server = new(_ =>
        {
            requests++;
            return LoopbackResponse.Json(body
                .Replace("ANSWER", """{\"captions\": [\"a red dress\"]}""", StringComparison.Ordinal)
                .Replace("DRAFT", """{\"captions\": [\"a draft\"]}""", StringComparison.Ordinal));
        });

        Assert.Equal(["a red dress"], await Captioner(server).CaptionAsync(Image, null, Token));
        Assert.Equal(1, requests);
    }

    [Theory]
    [InlineData("application/json", """{"error": {"message": "no provider takes pictures", "code": 404}}""", "no provider takes pictures")]
    [InlineData("application/json", """{"choices": [{"finish_reason": "error", "error": {"code": 403, "message": "not for you"}, "message": {"content": ""}}]}""", "not for you")]
    [InlineData("text/event-stream", "data: {\"choices\": []}\n\ndata: [DONE]\n\n", "event stream")]
    [InlineData("application/json", "data: {\"error\": {\"message\": \"the engine stopped\"}}\n\n", "the engine stopped")]
    [InlineData("application/x-ndjson", "{\"message\": {\"content\": \"a\"}}\n{\"message\": {\"content\": \"b\"}}\n", "event stream")]
    [InlineData("text/html; charset=utf-8", "<!DOCTYPE html><html><title>Sign in to Hotel WLAN</title></html>", "Sign in to Hotel WLAN")]
    [InlineData("application/json", "<html>busy</html>", "web page")]
    public async Task What_is_no_answer_is_named_as_such_and_asked_for_once(string type, string body, string expected)
    {
        int requests = 0;
        await using FakeChatServer server = new(_ =>
        {
            requests++;
            return LoopbackResponse.Text(200, body, type);
        });

        ChatUnavailableException e = await Assert.ThrowsAsync<ChatUnavailableException>(async () => await Captioner(server).CaptionAsync(Image, null, Token));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.True(e.IsFinal);
        Assert.Equal(1, requests);
    }

    [Fact]
    public async Task An_error_of_an_overloaded_provider_inside_success_is_sent_again()
    {
        await using FakeChatServer server = new(request => request.Number == 1
            ? LoopbackResponse.Json("""{"error": {"message": "rate-limited upstream", "code": 429}}""")
            : FakeChatServer.Captions("a red dress"));

        Assert.Equal(["a red dress"], await Captioner(server).CaptionAsync(Image, null, Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_endless_body_is_given_up_where_the_limit_is(bool success)
    {
        EndlessStream body = new();
        using HttpResponseMessage answer = new(success ? HttpStatusCode.OK : HttpStatusCode.BadRequest) { Content = new StreamContent(body) };
        ChatHttpHandler handler = new(new Stub(answer)) { MaxAnswerBytes = 100_000 };
        ChatImageCaptioner captioner = new(FakeChatClient.Create(new Uri("http://127.0.0.1:9/v1"), handler), new ChatCaptionerOptions { Chat = FakeChatClient.Quick });

        ZeroShotCirException e = await Assert.ThrowsAnyAsync<ZeroShotCirException>(async () => await captioner.CaptionAsync(Image, null, Token));

        Assert.True(e is InvalidChatResponseException or InvalidImageException, e.ToString());
        Assert.InRange(body.Given, 1, 2_000_000);
        Assert.Equal(1, captioner.Usage.Requests);
        Assert.InRange(e.Message.Length, 20, 2000);
    }

    [Theory]
    [InlineData("whole", true)]
    [InlineData("whole", false)]
    [InlineData("part", true)]
    [InlineData("part", false)]
    public async Task A_key_that_the_server_echoes_appears_nowhere(string how, bool isError)
    {
        string echoed = how == "whole" ? FakeChatClient.Key : FakeChatClient.Key[..18];
        await using FakeChatServer server = new(_ => isError
            ? LoopbackResponse.Text(
                401, $"{{\"error\": {{\"message\": \"Incorrect API key provided: {echoed.Replace("-", "\\u002d", StringComparison.Ordinal)}!\"}}}}", "application/json")
            : FakeChatServer.Captions($"a note that says {echoed}"));
        // One client masks what it sends itself; the other is told.
        foreach (ChatImageCaptioner captioner in (ChatImageCaptioner[])
            [
                Captioner(server),
                new(
                    server.CreateBareClient(),
                    new ChatCaptionerOptions { Chat = new ChatSettings(FakeChatClient.Quick) { Secrets = [FakeChatClient.Key], ReadFailure = FakeChatClient.ReadFailure } }),
                new(server.CreateBareClient(), new ChatCaptionerOptions { Chat = new ChatSettings(FakeChatClient.Quick) { Secrets = [FakeChatClient.Key] } }),
            ])
        {
            string shown = isError
                ? (await Assert.ThrowsAsync<ChatUnavailableException>(async () => await captioner.CaptionAsync(Image, null, Token))).ToString()
                : (await captioner.CaptionAsync(Image, null, Token))[0];
            Assert.Contains("***", shown, StringComparison.Ordinal);
            Assert.DoesNotContain(echoed[..10], shown, StringComparison.Ordinal);
            Assert.DoesNotContain(echoed[^10..], shown, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Other_requests_and_streams_pass_untouched()
    {
        using HttpClient client = new(new ChatHttpHandler(new Stub(new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("as it is") })));
        Assert.Equal("as it is", await (await client.GetAsync(new Uri("http://127.0.0.1/v1/models"), Token)).Content.ReadAsStringAsync(Token));

        using HttpRequestMessage streaming = new(HttpMethod.Post, "http://127.0.0.1/v1/chat/completions");
        streaming.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        Assert.Equal(HttpStatusCode.NotFound, (await client.SendAsync(streaming, Token)).StatusCode);
    }

    private static ChatImageCaptioner Captioner(FakeChatServer server) => new(server.CreateClient(), new ChatCaptionerOptions { Chat = FakeChatClient.Quick });

    private sealed class Stub(HttpResponseMessage response) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            response.RequestMessage = request;
            return Task.FromResult(response);
        }
    }

    private sealed class EndlessStream : Stream
    {
        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Assert.True(Given < 100_000_000, "Nobody stopped reading.");
            buffer.AsSpan(offset, count).Fill((byte)'[');
            Given += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
