using ZeroShotCir.Extensions.AI.Captioning;
using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests.Chat;

public sealed class ReasoningTests
{
    private const string Draft = """{"captions": ["a draft"]}""";
    private const string Answer = """{"captions": ["a red dress"]}""";
    private static readonly ImageData Image = new(new byte[] { 0xFF, 0xD8, 0xFF, 1 }, "image/jpeg");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("<think>Maybe DRAFT first.</think>\nANSWER")]
    [InlineData("<THINKING type=\"x\">Maybe DRAFT first.</THINKING>ANSWER")]
    [InlineData("<thought>\nDRAFT\n</thought>\n```json\nANSWER\n```")]
    [InlineData("< think >DRAFT</ think >ANSWER")]
    [InlineData("Maybe DRAFT first.\n</think>\nANSWER")]
    [InlineData("<think>I use <think> tags: DRAFT</think>ANSWER")]
    [InlineData("<think>a <thinking>b</thinking> DRAFT</think>ANSWER")]
    [InlineData("<think>a</think><think>DRAFT</think>ANSWER")]
    [InlineData("ANSWER<think>DRAFT</think>")]
    [InlineData("<think/>ANSWER")]
    [InlineData("[THINK]DRAFT[/THINK]ANSWER")]
    [InlineData("◁think▷DRAFT◁/think▷ANSWER")]
    [InlineData("<seed:think>DRAFT</seed:think>ANSWER")]
    [InlineData("<|begin_of_thought|>DRAFT<|end_of_thought|>ANSWER")]
    [InlineData("<|channel|>analysis<|message|>DRAFT<|end|><|start|>assistant<|channel|>final<|message|>ANSWER<|return|>")]
    [InlineData("<|channel|>analysis<|message|>DRAFT<|end|><|start|>assistant<|channel|>final <|constrain|>json<|message|>ANSWER")]
    [InlineData("<|channel>thought\nDRAFT<channel|>ANSWER")]
    [InlineData("analysisWe need DRAFT.assistantfinalANSWER")]
    [InlineData("Thinking...\nDRAFT\n...done thinking.\n\nANSWER")]
    [InlineData("&lt;think&gt;DRAFT&lt;/think&gt;ANSWER")]
    public async Task What_stands_in_a_reasoning_block_is_no_answer(string text)
    {
        await using FakeChatServer server = new(_ => FakeChatServer.Answer(Fill(text)));
        ChatImageCaptioner captioner = new(server.CreateClient(), new ChatCaptionerOptions { Chat = FakeChatClient.Quick });

        Assert.Equal(["a red dress"], await captioner.CaptionAsync(Image, null, Token));
        Assert.Equal(1, captioner.Usage.Requests);
    }

    [Theory]
    [InlineData("<think>Maybe DRAFT, or", "length", 1)]
    [InlineData("<thinking>DRAFT", "stop", 3)]
    [InlineData("ANSWER <think>or rather DRAFT", "length", 1)]
    [InlineData("<|channel|>analysis<|message|>DRAFT", "length", 1)]
    [InlineData("<|channel>thought DRAFT", "length", 1)]
    [InlineData("analysisWe need DRAFT", "length", 3)]
    [InlineData("[THINK]DRAFT", "max_tokens", 1)]
    public async Task An_answer_that_is_cut_inside_its_reasoning_is_none(string text, string end, int most)
    {
        await using FakeChatServer server = new(_ => FakeChatServer.Answer(Fill(text), end));
        ChatImageCaptioner captioner = new(server.CreateClient(), new ChatCaptionerOptions { Chat = FakeChatClient.Quick });

        InvalidChatResponseException e = await Assert.ThrowsAsync<InvalidChatResponseException>(async () => await captioner.CaptionAsync(Image, null, Token));

        Assert.Contains("reasoning only", e.Message, StringComparison.Ordinal);
        Assert.InRange(captioner.Usage.Requests, 1, most);
    }

    [Theory]
    [InlineData("""{"captions": ["a sign that reads <think>"]}""", "a sign that reads <think>")]
    [InlineData("""  ["buttons </think> and [THINK]"] """, "buttons </think> and [THINK]")]
    [InlineData("{\"captions\": [\"a red\nsquare\"]}", "a red square")]
    public async Task An_answer_that_is_JSON_as_a_whole_holds_no_reasoning(string text, string caption)
    {
        await using FakeChatServer server = new(_ => FakeChatServer.Answer(text));
        ChatImageCaptioner captioner = new(server.CreateClient(), new ChatCaptionerOptions { Chat = FakeChatClient.Quick });

        Assert.Equal([caption], await captioner.CaptionAsync(Image, null, Token));
    }

    private static string Fill(string text) => text.Replace("DRAFT", Draft, StringComparison.Ordinal).Replace("ANSWER", Answer, StringComparison.Ordinal);
}
