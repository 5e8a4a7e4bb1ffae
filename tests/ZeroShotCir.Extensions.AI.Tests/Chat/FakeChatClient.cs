using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;
using ZeroShotCir.Extensions.AI.Chat;

namespace ZeroShotCir.Tests.Chat;

/// <summary>Clients of the fake, made as an application makes them.</summary>
internal static class FakeChatClient
{
    /// <summary>Settings whose retries cost no time worth mentioning.</summary>
    public static ChatSettings Quick { get; } = new() { FirstDelay = TimeSpan.FromMilliseconds(1), ReadFailure = ReadFailure };

    public static IChatClient CreateClient(this FakeChatServer server) => Create(server.Endpoint);

    public static IChatClient Create(Uri endpoint, string model = "fake-vision")
        => new OpenAIClient(new ApiKeyCredential("no-key"), new OpenAIClientOptions { Endpoint = endpoint, RetryPolicy = new ClientRetryPolicy(0) })
            .GetChatClient(model).AsIChatClient();

    private static ChatFailure? ReadFailure(Exception e)
        => e is ClientResultException { Status: > 0 } c
            ? ChatFailure.FromHttp(c.Status, c.GetRawResponse()?.Headers.TryGetValue("Retry-After", out string? after) == true ? after : null)
            : null;
}
