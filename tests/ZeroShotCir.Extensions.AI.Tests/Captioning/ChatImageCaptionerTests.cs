using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;
using ZeroShotCir.Captions;
using ZeroShotCir.Extensions.AI.Captioning;
using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Imaging;
using ZeroShotCir.Tests.Chat;
using ZeroShotCir.Tests.Http;

namespace ZeroShotCir.Tests.Captioning;

public sealed class ChatImageCaptionerTests
{
    private static readonly ImageData Image = new(new byte[] { 0xFF, 0xD8, 0xFF, 1, 2, 3 }, "image/jpeg") { Source = "dress.jpg" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Captions_come_back_in_order_and_are_paid_for_once()
    {
        FakeChatRequest? asked = null;
        await using FakeChatServer server = new(request =>
        {
            asked = request;
            return FakeChatServer.Captions("a red dress", "a long\n sleeved dress");
        });
        ChatImageCaptioner captioner = new(server.CreateClient(), new ChatCaptionerOptions(Options())
        {
            Chat = new ChatSettings(FakeChatClient.Quick) { Price = new ChatPrice(2.5m, 10m), Temperature = 0 },
        });

        IReadOnlyList<string> captions = await captioner.CaptionAsync(Image, new CaptionOptions { Count = 2 }, Token);

        Assert.Equal(["a red dress", "a long sleeved dress"], captions);
        Assert.Equal(Image.Data.ToArray(), asked!.Image);
        Assert.Contains(CaptionPrompt.Default.Instruction, asked.Text, StringComparison.Ordinal);
        JsonElement format = asked.Body.GetProperty("response_format");
        Assert.Equal("json_schema", format.GetProperty("type").GetString());
        Assert.True(format.GetProperty("json_schema").GetProperty("strict").GetBoolean());
        Assert.Equal(new ChatUsage(1, 1, 0, 100, 10, ((100 * 2.5m) + (10 * 10m)) / 1_000_000m), captioner.Usage);
    }

    [Theory]
    [InlineData("{\"captions\": [\"a red dress\"]}")]
    [InlineData("[\"a red dress\"]")]
    [InlineData("```json\n{\"captions\": [\"a red dress\"]}\n```")]
    [InlineData("Sure! Here it is: {\"captions\": [\"a red dress\"]} I hope this helps {smile}.")]
    [InlineData("Draft: {\"captions\": [\"a red dress\"]}\n```json\n{\"captions\": [\"a red dress\"]}\n```")]
    [InlineData("{\"captions\": [\"a red dress\"]")]
    [InlineData("{\"note\": \"one caption\"} {\"captions\": [\"a red dress\",]}")]
    public async Task One_meaning_is_read_from_fences_prose_and_slightly_broken_JSON(string answer)
    {
        await using FakeChatServer server = new(_ => FakeChatServer.Answer(answer));
        ChatImageCaptioner captioner = new(server.CreateClient(), Options());

        Assert.Equal(["a red dress"], await captioner.CaptionAsync(Image, null, Token));
        Assert.Equal(1, captioner.Usage.Requests);
    }

    [Theory]
    [InlineData("A red dress with long sleeves.", "no JSON")]
    [InlineData("{\"captions\": [\"a red dress\"]} or rather {\"captions\": [\"a blue dress\"]}", "2 different JSON values")]
    [InlineData("{\"captions\": \"a red dress\"}", "no JSON")]
    [InlineData("{\"captions\": [1, 2]}", "no JSON")]
    [InlineData("", "no JSON")]
    [InlineData("{\"captions\": [\"\", \"  \"]}", "0 of them")]
    [InlineData("{\"captions\": [\"\\ud800\"]}", "no JSON")]
    public async Task Prose_and_ambiguous_answers_are_asked_again_and_then_refused(string answer, string complaint)
    {
        await using FakeChatServer server = new(_ => FakeChatServer.Answer(answer));
        ChatImageCaptioner captioner = new(server.CreateClient(), Options());

        InvalidChatResponseException e = await Assert.ThrowsAsync<InvalidChatResponseException>(
            async () => await captioner.CaptionAsync(Image, null, Token));

        Assert.Contains(complaint, e.Message, StringComparison.Ordinal);
        Assert.Equal(3, captioner.Usage.Answers);
        Assert.Equal(3, captioner.Usage.Unusable);
    }

    [Fact]
    public async Task A_wrong_count_is_asked_again_with_the_complaint()
    {
        string? second = null;
        await using FakeChatServer server = new(request =>
        {
            second = request.Text;
            return request.Number == 1 ? FakeChatServer.Captions("a") : FakeChatServer.Captions("a", "b", "c");
        });
        ChatImageCaptioner captioner = new(server.CreateClient(), Options());

        Assert.Equal(["a", "b", "c"], await captioner.CaptionAsync(Image, new CaptionOptions { Count = 3 }, Token));
        Assert.Contains("lists 1 captions", second, StringComparison.Ordinal);
        Assert.Equal(2, captioner.Usage.Requests);
    }

    [Fact]
    public async Task What_was_paid_for_is_kept_when_the_count_stays_wrong()
    {
        await using FakeChatServer few = new(_ => FakeChatServer.Captions("a", "A", "b"));
        await using FakeChatServer many = new(_ => FakeChatServer.Captions("a", "b", "c", "d"));

        Assert.Equal(["a", "b"], await new ChatImageCaptioner(few.CreateClient(), Options()).CaptionAsync(Image, new CaptionOptions { Count = 3 }, Token));
        Assert.Equal(["a", "b", "c"], await new ChatImageCaptioner(many.CreateClient(), Options()).CaptionAsync(Image, new CaptionOptions { Count = 3 }, Token));
    }

    [Fact]
    public async Task Overload_errors_and_pages_of_a_proxy_are_retried()
    {
        await using FakeChatServer server = new(request => request.Number switch
        {
            1 => FakeChatServer.Error(429, "0"),
            2 => FakeChatServer.Error(500),
            3 => LoopbackResponse.Text(502, "<html>busy</html>", "text/html"),
            4 => LoopbackResponse.Json("{}"),
            5 => FakeChatServer.Captions("cut") with { DropAfter = 20 },
            _ => FakeChatServer.Captions("a red dress"),
        });
        ChatImageCaptioner captioner = new(server.CreateClient(), Options());

        Assert.Equal(["a red dress"], await captioner.CaptionAsync(Image, null, Token));
        Assert.Equal(6, captioner.Usage.Requests);
        Assert.Equal(1, captioner.Usage.Answers);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    public async Task A_final_refusal_of_the_server_is_not_retried(int status)
    {
        await using FakeChatServer server = new(_ => FakeChatServer.Error(status));
        // Without the handler and a reader of the client's exceptions, the status is read from their message.
        ChatImageCaptioner captioner = new(server.CreateBareClient(), new ChatCaptionerOptions(Options()) { Chat = new ChatSettings() });

        ChatUnavailableException e = await Assert.ThrowsAsync<ChatUnavailableException>(async () => await captioner.CaptionAsync(Image, null, Token));

        Assert.Equal(status, e.Failure!.Status);
        Assert.True(e.IsFinal);
        Assert.Equal(1, e.Attempts);
        Assert.False(e.TimedOut);
    }

    [Fact]
    public async Task Retries_end_and_say_how_many_there_were()
    {
        await using FakeChatServer server = new(_ => FakeChatServer.Error(503));
        ChatImageCaptioner captioner = new(server.CreateClient(), new ChatCaptionerOptions(Options()) { Chat = new ChatSettings(FakeChatClient.Quick) { MaxRetries = 3 } });

        ChatUnavailableException e = await Assert.ThrowsAsync<ChatUnavailableException>(async () => await captioner.CaptionAsync(Image, null, Token));

        Assert.Equal(4, e.Attempts);
        Assert.Equal(503, e.Failure!.Status);
        Assert.Equal(4, captioner.Usage.Requests);
    }

    [Fact]
    public async Task A_server_that_asks_to_wait_longer_than_allowed_is_not_waited_for()
    {
        await using FakeChatServer server = new(_ => FakeChatServer.Error(429, "3600"));
        ChatImageCaptioner captioner = new(server.CreateClient(), Options());

        ChatUnavailableException e = await Assert.ThrowsAsync<ChatUnavailableException>(async () => await captioner.CaptionAsync(Image, null, Token));

        Assert.Equal(TimeSpan.FromHours(1), e.Failure!.RetryAfter);
        Assert.Contains("01:00:00", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timeout_is_retried_and_told_apart_from_a_cancellation()
    {
        await using FakeChatServer server = new(async (_, stop) =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return FakeChatServer.Error(500);
        });
        ChatImageCaptioner captioner = new(server.CreateClient(), new ChatCaptionerOptions(Options())
        {
            Chat = new ChatSettings(FakeChatClient.Quick) { Timeout = TimeSpan.FromMilliseconds(50), MaxRetries = 1 },
        });
        ChatUnavailableException e = await Assert.ThrowsAsync<ChatUnavailableException>(async () => await captioner.CaptionAsync(Image, null, Token));
        Assert.True(e.TimedOut);
        Assert.Equal(2, e.Attempts);

        ChatImageCaptioner patient = new(server.CreateClient(), Options());
        using CancellationTokenSource cancel = new(TimeSpan.FromMilliseconds(50));
        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await patient.CaptionAsync(Image, null, cancel.Token));
        Assert.Equal(cancel.Token, cancelled.CancellationToken);
        Assert.Equal(1, patient.Usage.Requests);
    }

    [Fact]
    public async Task A_refused_image_is_named()
    {
        await using FakeChatServer byModel = new(_ => FakeChatServer.Answer("", refusal: "I cannot help with that."));
        await using FakeChatServer byFilter = new(_ => FakeChatServer.Answer("", finishReason: "content_filter"));

        foreach (FakeChatServer server in new[] { byModel, byFilter })
        {
            ChatImageCaptioner captioner = new(server.CreateClient(), Options());
            InvalidImageException e = await Assert.ThrowsAsync<InvalidImageException>(async () => await captioner.CaptionAsync(Image, null, Token));
            Assert.Contains("'dress.jpg' was refused", e.Message, StringComparison.Ordinal);
            Assert.Equal(1, captioner.Usage.Requests);
        }
    }

    [Fact]
    public async Task Ten_megabytes_are_refused_without_asking_again()
    {
        await using FakeChatServer server = new(_ => FakeChatServer.Captions(new string('x', 10_000_000)));
        ChatImageCaptioner captioner = new(server.CreateClient(), Options());

        InvalidChatResponseException e = await Assert.ThrowsAsync<InvalidChatResponseException>(
            async () => await captioner.CaptionAsync(Image, null, Token));

        Assert.Contains("limit is 100000", e.Message, StringComparison.Ordinal);
        Assert.True(e.Message.Length < 1000);
        Assert.Equal(1, captioner.Usage.Requests);
    }

    [Fact]
    public async Task Bytes_that_are_no_image_are_refused_before_they_are_sent()
    {
        await using FakeChatServer server = new(_ => FakeChatServer.Captions("a"));
        ChatImageCaptioner captioner = new(server.CreateClient(), Options());

        await Assert.ThrowsAsync<InvalidImageException>(
            async () => await captioner.CaptionAsync(ImageData.FromBytes("not an image"u8.ToArray(), "notes.txt"), null, Token));
        Assert.Equal(0, captioner.Usage.Requests);
    }

    [Fact]
    public async Task No_more_requests_are_under_way_than_allowed()
    {
        int asked = 0;
        int running = 0;
        int most = 0;
        TaskCompletionSource three = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FakeChatServer server = new(async (_, stop) =>
        {
            int now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            if (now == 3)
            {
                three.TrySetResult();
            }

            // The first goes alone; the next are held until there are as many as may be, however slow the machine is.
            if (Interlocked.Increment(ref asked) > 1)
            {
                await Task.WhenAny(three.Task, Task.Delay(TimeSpan.FromSeconds(30), stop));
            }

            await Task.Delay(10, stop);
            Interlocked.Decrement(ref running);
            return FakeChatServer.Captions("a");
        });
        ChatImageCaptioner captioner = new(server.CreateClient(), new ChatCaptionerOptions(Options()) { Chat = new ChatSettings(FakeChatClient.Quick) { MaxConcurrency = 3 } });

        await Task.WhenAll(Enumerable.Range(0, 24).Select(async _ => await captioner.CaptionAsync(Image, null, Token)));

        Assert.Equal(3, most);
        Assert.Equal(24, captioner.Usage.Answers);
    }

    [Fact]
    public async Task Images_are_scaled_down_before_they_are_sent()
    {
        byte[] sent = [];
        await using FakeChatServer server = new(request =>
        {
            sent = request.Image;
            return FakeChatServer.Captions("a");
        });
        ChatSettings chat = new(FakeChatClient.Quick) { Shrinker = new NamingShrinker(), MaxEdge = 512 };
        ChatImageCaptioner captioner = new(server.CreateClient(), new ChatCaptionerOptions(Options()) { Chat = chat });

        await captioner.CaptionAsync(Image, null, Token);

        Assert.Equal("512"u8.ToArray(), sent);
    }

    [Fact]
    public void The_id_names_the_model_and_changes_with_the_prompt()
    {
        IChatClient client = FakeChatClient.Create(new Uri("http://127.0.0.1:9/v1"));
        string id = new ChatImageCaptioner(client).CaptionerId;

        Assert.StartsWith("chat:fake-vision#", id, StringComparison.Ordinal);
        Assert.Equal(id, new ChatImageCaptioner(client).CaptionerId);
        Assert.NotEqual(id, new ChatImageCaptioner(client, new ChatCaptionerOptions { Prompt = CaptionPrompt.Default with { Instruction = "Name the colour." } }).CaptionerId);
        Assert.NotEqual(id, new ChatImageCaptioner(client, new ChatCaptionerOptions { Chat = new ChatSettings { ModelId = "other" } }).CaptionerId);
    }

    private static ChatCaptionerOptions Options() => new() { Chat = FakeChatClient.Quick };

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen)
        {
            seen = Interlocked.CompareExchange(ref target, value, seen) is int previous && previous == seen ? value : Volatile.Read(ref target);
        }
    }

    private sealed class NamingShrinker : IImageShrinker
    {
        public ImageData Shrink(ImageData image, int maxEdge)
            => new(System.Text.Encoding.ASCII.GetBytes(maxEdge.ToString(CultureInfo.InvariantCulture)), "image/jpeg");
    }
}
