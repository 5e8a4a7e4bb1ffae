using System.Net;
using System.Text;
using Microsoft.Extensions.AI;
using ZeroShotCir.Errors;
using ZeroShotCir.Extensions.AI.Captioning;
using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Imaging;
using ZeroShotCir.Tests.Mutations;

namespace ZeroShotCir.Tests.Chat;

/// <summary>Damaged answers of chat servers.</summary>
public sealed class ChatAnswerMutationTests
{
    private static readonly ImageData Image = new(new byte[] { 0xFF, 0xD8, 0xFF, 1 }, "image/jpeg");

    private static readonly string[] Bodies =
    [
        """{"id": "c", "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "{\"captions\": [\"a red """
            + """dress\"]}", "refusal": null}}], "usage": {"prompt_tokens": 100, "completion_tokens": 10}}""",
        """{"choices": [{"finish_reason": null, "message": {"content": [{"type": "thinking", "thinking": "x"}, {"type": "text", "text": "<think>a</think>[\"b\"]"}]}}]}""",
        """{"choices": [{"message": {"content": "<|channel|>analysis<|message|>x<|end|><|start|>assistant<|channel|>final<|message|>[\"b\"]"}}]}""",
        """{"error": {"message": "slower", "type": "rate_limit", "code": 429, "details": [{"retryDelay": "0.001s"}]}}""",
        """[{"error": {"code": 400, "message": "no", "metadata": {"raw": "{}"}}}]""",
        "data: {\"choices\": [{\"delta\": {\"content\": \"x\"}}]}\n\ndata: [DONE]\n",
        "<html><head><title>Sign in</title></head><body>please</body></html>",
    ];

    private static readonly string[] Pieces =
    [
        "null", "[", "{", "}", "]", "\\ud800", "\"", "1e999", "-1", "\uFEFF", ",", "<think>", "</think>", "<|channel|>", "<", ">", "&lt;think", "\0", "\n",
        new string('[', 300), new string('{', 300), "\"choices\": 3,", "\"error\": {},", "\"content\": [[[[]]]],", new string('<', 2000), "<think" + new string(' ', 500),
    ];

    [Fact]
    public async Task Damage_is_a_typed_error_or_an_answer_and_never_more()
    {
        Canned canned = new();
        IChatClient client = FakeChatClient.Create(new Uri("http://127.0.0.1:9/v1"), new ChatHttpHandler(canned));
        ChatImageCaptioner captioner = new(client, new ChatCaptionerOptions { Chat = new ChatSettings(FakeChatClient.Quick) { MaxRetries = 0, MaxRepeats = 0 } });
        int answers = 0, longest = 0;
        MutationRun run = new("chat answers", 3000, async body =>
        {
            canned.Body = body;
            try
            {
                answers += (await captioner.CaptionAsync(Image, null, TestContext.Current.CancellationToken)).Count;
            }
            catch (ZeroShotCirException e)
            {
                longest = Math.Max(longest, e.Message.Length);
                throw;
            }
        })
        {
            IsRefusal = e => e is ZeroShotCirException,
        };

        await run.ExecuteAsync(random =>
        {
            canned.Status = random.Next(4) == 0 ? random.Next(300, 600) : 200;
            canned.RetryAfter = random.Next(8) == 0 ? Pieces[random.Next(6)] : null;
            byte[] whole = Encoding.UTF8.GetBytes(Bodies[random.Next(Bodies.Length)]);
            return random.Next(5) == 0 ? whole : Mutation.Text(whole, Pieces, random);
        });

        Assert.InRange(answers, 1, run.Count);
        Assert.InRange(run.Refused, 1, run.Count - 1);
        Assert.InRange(longest, 50, 3000);
        Assert.InRange(captioner.Usage.Requests, run.Count, run.Count);
    }

    private sealed class Canned : HttpMessageHandler
    {
        public int Status { get; set; } = 200;

        public byte[] Body { get; set; } = [];

        public string? RetryAfter { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = new((HttpStatusCode)Status) { Content = new ByteArrayContent(Body), RequestMessage = request };
            if (RetryAfter is not null)
            {
                response.Headers.TryAddWithoutValidation("retry-after-ms", RetryAfter);
            }

            return Task.FromResult(response);
        }
    }
}
