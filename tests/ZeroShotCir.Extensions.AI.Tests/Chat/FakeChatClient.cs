using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;
using ZeroShotCir.Extensions.AI.Chat;

namespace ZeroShotCir.Tests.Chat;

/// <summary>Clients of the fake, made as an application makes them.</summary>
internal static class FakeChatClient
{
    /// <summary>What the clients send as their key.</summary>
    public const string Key = "sk-test-0123456789abcdef";

    /// <summary>Settings whose retries cost no time worth mentioning.</summary>
    public static ChatSettings Quick => new() { FirstDelay = TimeSpan.FromMilliseconds(1) };

    /// <summary>A client over the handler, as the documentation shows it.</summary>
    public static IChatClient CreateClient(this FakeChatServer server) => Create(server.Endpoint);

    public static IChatClient Create(Uri endpoint, string model = "fake-vision") => Create(endpoint, new ChatHttpHandler(), model);

    public static IChatClient Create(Uri endpoint, HttpMessageHandler handler, string model = "fake-vision") => Create(
        new OpenAIClientOptions { Endpoint = endpoint, Transport = new HttpClientPipelineTransport(new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }) }, model);

    /// <summary>A client that knows nothing of this library.</summary>
    public static IChatClient CreateBareClient(this FakeChatServer server) => Create(new OpenAIClientOptions { Endpoint = server.Endpoint }, "fake-vision");

    /// <summary>What a program without the handler can tell of a failure.</summary>
    public static ChatFailure? ReadFailure(Exception e)
        => e is ClientResultException { Status: > 0 } c && c.GetRawResponse() is { } response
            ? ChatFailure.FromHttp(c.Status, name => response.Headers.TryGetValue(name, out string? value) ? value : null, response.Content.ToString())
            : null;

    private static IChatClient Create(OpenAIClientOptions options, string model)
    {
        options.RetryPolicy = new ClientRetryPolicy(0);
        return new OpenAIClient(new ApiKeyCredential(Key), options).GetChatClient(model).AsIChatClient();
    }
}
