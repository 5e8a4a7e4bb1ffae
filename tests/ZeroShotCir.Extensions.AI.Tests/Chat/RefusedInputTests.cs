using System.Text;
using ZeroShotCir.Errors;
using ZeroShotCir.Extensions.AI.Captioning;
using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Extensions.AI.Composition;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Tests.Http;

namespace ZeroShotCir.Tests.Chat;

public sealed class RefusedInputTests
{
    private static readonly ImageData WebP = new("RIFF....WEBP"u8.ToArray(), "image/webp") { Source = "a.webp" };
    private static readonly ImageData Jpeg = new(new byte[] { 0xFF, 0xD8, 0xFF, 1 }, "image/jpeg") { Source = "a.jpg" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    [InlineData(415)]
    [InlineData(422)]
    public async Task A_refusal_that_comes_with_a_picture_is_the_pictures(int status)
    {
        await using FakeChatServer server = new(_ => LoopbackResponse.Text(status, """{"error": {"message": "this one I do not take"}}""", "application/json"));
        ChatImageCaptioner captioner = new(server.CreateClient(), new ChatCaptionerOptions { Chat = Converting });
        ChatTargetVerifier verifier = new(server.CreateClient(), new ChatVerifierOptions { Chat = FakeChatClient.Quick });

        InvalidImageException e = await Assert.ThrowsAsync<InvalidImageException>(async () => await captioner.CaptionAsync(Jpeg, null, Token));
        Assert.Contains("'a.jpg' was refused", e.Message, StringComparison.Ordinal);
        Assert.Contains("this one I do not take", e.Message, StringComparison.Ordinal);
        ChatRefusedException refused = await Assert.ThrowsAsync<ChatRefusedException>(
            async () => await verifier.VerifyAsync(new ComposedQuery { Image = Jpeg, Text = "red" }, Jpeg, Token));
        Assert.Equal(status, refused.Failure!.Status);
        Assert.Equal((1, 1), (captioner.Usage.Requests, verifier.Usage.Requests));
    }

    [Fact]
    public async Task A_refused_WebP_is_sent_once_more_as_JPEG()
    {
        await using FakeChatServer server = new(request => request.Images.Any(image => image.AsSpan().StartsWith("RIFF"u8))
            ? LoopbackResponse.Text(400, """{"error": {"message": "bad picture"}}""", "application/json")
            : request.Text.Contains("fit", StringComparison.Ordinal) ? FakeChatServer.Fit("7") : FakeChatServer.Captions("a red dress"));
        ChatImageCaptioner captioner = new(server.CreateClient(), new ChatCaptionerOptions { Chat = Converting });
        ChatTargetVerifier verifier = new(server.CreateClient(), new ChatVerifierOptions { Chat = Converting });

        Assert.Equal(["a red dress"], await captioner.CaptionAsync(WebP, null, Token));
        Assert.Equal(0.7, await verifier.VerifyAsync(new ComposedQuery { Image = WebP, Text = "red" }, WebP, Token));
        Assert.Equal((2, 2), (captioner.Usage.Requests, verifier.Usage.Requests));
    }

    [Fact]
    public async Task A_WebP_that_is_refused_as_JPEG_too_is_sent_twice_and_what_a_policy_forbids_once()
    {
        await using FakeChatServer server = new(request => LoopbackResponse.Text(
            400,
            request.Text.Contains("policy", StringComparison.Ordinal) ? """{"error": {"code": "content_filter"}}""" : """{"error": {"message": "bad picture"}}""",
            "application/json"));
        ChatImageCaptioner captioner = new(server.CreateClient(), new ChatCaptionerOptions { Chat = Converting });
        ChatImageCaptioner forbidden = new(server.CreateClient(), new ChatCaptionerOptions { Chat = Converting, Prompt = CaptionPrompt.Default with { Instruction = "policy" } });

        await Assert.ThrowsAsync<InvalidImageException>(async () => await captioner.CaptionAsync(WebP, null, Token));
        await Assert.ThrowsAsync<InvalidImageException>(async () => await forbidden.CaptionAsync(WebP, null, Token));
        Assert.Equal((2, 1), (captioner.Usage.Requests, forbidden.Usage.Requests));
    }

    [Fact]
    public async Task A_service_that_refuses_everything_is_asked_once_by_all_callers_together()
    {
        bool isOpen = false;
        await using FakeChatServer server = new(async (_, stop) =>
        {
            await Task.Delay(30, stop);
            return isOpen ? FakeChatServer.Captions("a") : FakeChatServer.Error(401);
        });
        ChatImageCaptioner captioner = new(server.CreateClient(), new ChatCaptionerOptions { Chat = new ChatSettings(FakeChatClient.Quick) { MaxConcurrency = 16 } });

        ChatUnavailableException[] errors = await Task.WhenAll(Enumerable.Range(0, 16).Select(
            _ => Assert.ThrowsAsync<ChatUnavailableException>(async () => await captioner.CaptionAsync(Jpeg, null, Token))));

        Assert.All(errors, e => Assert.True(e.IsFinal));
        Assert.Equal(1, captioner.Usage.Requests);
        isOpen = true; // The key was mended: the same object asks again.
        Assert.Equal(["a"], await captioner.CaptionAsync(Jpeg, null, Token));
    }

    [Theory]
    [InlineData(401, "the secret drawer")]
    [InlineData(429, "--max-wait")]
    [InlineData(503, "--retries")]
    [InlineData(413, "--max-edge")]
    public async Task Advice_names_settings_as_the_program_calls_them(int status, string expected)
    {
        await using FakeChatServer server = new(_ => status == 429 ? FakeChatServer.Error(429, "7200") : FakeChatServer.Error(status));
        ChatSettingNames names = new() { Key = "the secret drawer", MaxDelay = "--max-wait", MaxRetries = "--retries", MaxConcurrency = "--concurrency", MaxEdge = "--max-edge" };
        ChatImageCaptioner captioner = new(server.CreateClient(), new ChatCaptionerOptions { Chat = new ChatSettings(FakeChatClient.Quick) { MaxRetries = 0, Names = names } });

        ZeroShotCirException e = await Assert.ThrowsAnyAsync<ZeroShotCirException>(async () => await captioner.CaptionAsync(Jpeg, null, Token));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(nameof(ChatSettings), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pauses_in_milliseconds_are_obeyed_and_so_reach_the_limit()
    {
        await using FakeChatServer server = new(_ =>
        {
            LoopbackResponse slower = FakeChatServer.Error(429);
            slower.Headers["retry-after-ms"] = "7200000";
            return slower;
        });
        ChatImageCaptioner captioner = new(server.CreateClient(), new ChatCaptionerOptions { Chat = FakeChatClient.Quick });

        ChatUnavailableException e = await Assert.ThrowsAsync<ChatUnavailableException>(async () => await captioner.CaptionAsync(Jpeg, null, Token));

        Assert.Equal(TimeSpan.FromHours(2), e.Failure!.RetryAfter);
        Assert.Equal(1, captioner.Usage.Requests);
    }

    private static ChatSettings Converting => new ChatSettings(FakeChatClient.Quick) { Shrinker = new Converter() };

    private sealed class Converter : IImageShrinker
    {
        public ImageData Shrink(ImageData image, int maxEdge) => image;

        public ImageData ToJpeg(ImageData image, int maxEdge) => new(Encoding.ASCII.GetBytes("a jpeg"), "image/jpeg");
    }
}
