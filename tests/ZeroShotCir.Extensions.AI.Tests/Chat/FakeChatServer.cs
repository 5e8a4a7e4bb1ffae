using System.ClientModel;
using System.ClientModel.Primitives;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI;
using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Tests.Http;

namespace ZeroShotCir.Tests.Chat;

/// <summary>An OpenAI-compatible chat endpoint on loopback whose answers a test chooses.</summary>
internal sealed class FakeChatServer : IAsyncDisposable
{
    private readonly LoopbackServer _server;
    private int _requests;

    public FakeChatServer(Func<FakeChatRequest, LoopbackResponse> answer)
        : this((request, _) => Task.FromResult(answer(request)))
    {
    }

    public FakeChatServer(Func<FakeChatRequest, CancellationToken, Task<LoopbackResponse>> answer)
        => _server = new LoopbackServer((request, cancellationToken)
            => answer(FakeChatRequest.Read(request, Interlocked.Increment(ref _requests)), cancellationToken));

    public Uri Endpoint => new(_server.Address, "/v1");

    /// <summary>Settings whose retries cost no time worth mentioning.</summary>
    public static ChatSettings Quick { get; } = new() { FirstDelay = TimeSpan.FromMilliseconds(1), ReadFailure = ReadFailure };

    /// <summary>A client of the fake, made as an application makes one.</summary>
    public static IChatClient CreateClient(Uri endpoint, string model = "fake-vision")
        => new OpenAIClient(new ApiKeyCredential("no-key"), new OpenAIClientOptions { Endpoint = endpoint, RetryPolicy = new ClientRetryPolicy(0) })
            .GetChatClient(model).AsIChatClient();

    public IChatClient CreateClient() => CreateClient(Endpoint);

    /// <summary>An answer of the model.</summary>
    public static LoopbackResponse Answer(string content, string finishReason = "stop", string? refusal = null)
        => LoopbackResponse.Json($$$"""
            {"id": "c", "object": "chat.completion", "created": 1, "model": "fake-vision",
             "choices": [{"index": 0, "finish_reason": "{{{finishReason}}}", "message": {"role": "assistant",
               "content": {{{(refusal is null ? JsonSerializer.Serialize(content) : "null")}}}, "refusal": {{{JsonSerializer.Serialize(refusal)}}}}}],
             "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}}
            """);

    public static LoopbackResponse Captions(params string[] captions)
        => Answer(JsonSerializer.Serialize(new { captions }));

    public static LoopbackResponse Error(int status, string? retryAfter = null)
    {
        LoopbackResponse response = LoopbackResponse.Text(status, """{"error": {"message": "no", "type": "fake", "code": "fake"}}""", "application/json");
        if (retryAfter is not null)
        {
            response.Headers["Retry-After"] = retryAfter;
        }

        return response;
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private static ChatFailure? ReadFailure(Exception e)
        => e is ClientResultException { Status: > 0 } c
            ? ChatFailure.FromHttp(c.Status, c.GetRawResponse()?.Headers.TryGetValue("Retry-After", out string? after) == true ? after : null)
            : null;
}

/// <summary>What the fake was asked.</summary>
internal sealed record FakeChatRequest(int Number, string Text, byte[] Image, JsonElement Body)
{
    /// <summary>The SHA-256 of the image, so that requests can be told apart by it.</summary>
    public string ImageHash => Convert.ToHexStringLower(SHA256.HashData(Image));

    public static FakeChatRequest Read(LoopbackRequest request, int number)
    {
        JsonElement body = JsonDocument.Parse(request.Body).RootElement;
        StringBuilder text = new();
        byte[] image = [];
        foreach (JsonElement message in body.GetProperty("messages").EnumerateArray())
        {
            JsonElement content = message.GetProperty("content");
            if (content.ValueKind == JsonValueKind.String)
            {
                text.AppendLine(content.GetString());
                continue;
            }

            foreach (JsonElement part in content.EnumerateArray())
            {
                if (part.GetProperty("type").GetString() == "text")
                {
                    text.AppendLine(part.GetProperty("text").GetString());
                }
                else
                {
                    string url = part.GetProperty("image_url").GetProperty("url").GetString()!;
                    image = Convert.FromBase64String(url[(url.IndexOf(',', StringComparison.Ordinal) + 1)..]);
                }
            }
        }

        return new FakeChatRequest(number, text.ToString(), image, body);
    }
}
