using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.AI;
using ZeroShotCir.Extensions.AI.Captioning;
using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests.Chat;

/// <summary>Damaged answers of chat servers: the environment variable sets how many.</summary>
public sealed class ChatAnswerMutationTests
{
    private const string CountVariable = "ZEROSHOTCIR_MUTATIONS";
    private static readonly int Count = int.Parse(Environment.GetEnvironmentVariable(CountVariable) ?? "3000", CultureInfo.InvariantCulture);
    private static readonly ImageData Image = new(new byte[] { 0xFF, 0xD8, 0xFF, 1 }, "image/jpeg");

    private static readonly string[] Bodies =
    [
        """{"id": "c", "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "{\"captions\": [\"a red dress\"]}", "refusal": null}}], "usage": {"prompt_tokens": 100, "completion_tokens": 10}}""",
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
        Random random = new(11);
        Canned canned = new();
        IChatClient client = FakeChatClient.Create(new Uri("http://127.0.0.1:9/v1"), new ChatHttpHandler(canned));
        ChatImageCaptioner captioner = new(client, new ChatCaptionerOptions { Chat = FakeChatClient.Quick with { MaxRetries = 0, MaxRepeats = 0 } });
        int answers = 0, longest = 0;
        for (int i = 0; i < Count; i++)
        {
            canned.Status = random.Next(4) == 0 ? random.Next(300, 600) : 200;
            canned.Body = Mutate(Encoding.UTF8.GetBytes(Bodies[random.Next(Bodies.Length)]), random);
            canned.RetryAfter = random.Next(8) == 0 ? Pieces[random.Next(6)] : null;
            try
            {
                answers += (await captioner.CaptionAsync(Image, null, TestContext.Current.CancellationToken)).Count;
            }
            catch (ZeroShotCirException e)
            {
                longest = Math.Max(longest, e.Message.Length);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"An untyped exception came from status {canned.Status} and {Convert.ToBase64String(canned.Body)}", e);
            }
        }

        Assert.InRange(answers, 1, Count);
        Assert.InRange(longest, 50, 3000);
        Assert.InRange(captioner.Usage.Requests, Count, Count);
    }

    private static byte[] Mutate(byte[] whole, Random random)
    {
        List<byte> bytes = [.. whole];
        for (int changes = random.Next(0, 5); changes > 0; changes--)
        {
            int at = random.Next(bytes.Count + 1);
            switch (random.Next(4))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 30), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                    break;
                default:
                    bytes.InsertRange(at, bytes.Slice(0, random.Next(bytes.Count + 1)));
                    break;
            }
        }

        return [.. bytes];
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
