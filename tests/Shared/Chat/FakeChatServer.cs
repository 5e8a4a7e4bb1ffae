using System.Text.Json;
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

    public static LoopbackResponse Fit(string number) => Answer($"{{\"fit\": {number}}}");

    /// <summary>An answer of one token, with the log-probabilities of those that might have stood in its place; the first is the one written.</summary>
    public static LoopbackResponse FirstToken(params (string Token, double Logarithm)[] tokens)
    {
        string[] listed = [.. tokens.Select(token =>
            $$"""{"token": {{JsonSerializer.Serialize(token.Token)}}, "logprob": {{JsonSerializer.Serialize(token.Logarithm)}}, "bytes": null}""")];
        return LoopbackResponse.Json($$$"""
            {"id": "c", "object": "chat.completion", "created": 1, "model": "fake-vision",
             "choices": [{"index": 0, "finish_reason": "length", "message": {"role": "assistant", "content": {{{JsonSerializer.Serialize(tokens[0].Token)}}}, "refusal": null},
               "logprobs": {"content": [{{{listed[0][..^1]}}}, "top_logprobs": [{{{string.Join(", ", listed)}}}]}], "refusal": null}}],
             "usage": {"prompt_tokens": 100, "completion_tokens": 1, "total_tokens": 101}}
            """);
    }

    public static LoopbackResponse Order(params int[] numbers) => Answer(JsonSerializer.Serialize(new { order = numbers }));

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
}
