using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;
using ZeroShotCir.Evaluator.CommandLine;
using ZeroShotCir.Extensions.AI.Chat;

namespace ZeroShotCir.Evaluator.Input;

/// <summary>Connects to chat models by OpenAI's protocol, which most servers speak.</summary>
internal static class ChatEndpoint
{
    public static Uri OpenAI { get; } = new("https://api.openai.com/v1");

    /// <exception cref="BadUsageException">OpenAI's own endpoint needs a key and there is none.</exception>
    public static IChatClient Connect(Uri endpoint, string model, string keyVariable, TimeSpan timeout)
    {
        string? key = Environment.GetEnvironmentVariable(keyVariable);
        if (string.IsNullOrWhiteSpace(key) && endpoint.Host == OpenAI.Host)
        {
            throw new BadUsageException($"The environment variable {keyVariable} holds no key for {endpoint.Host}. Set it, or give the --endpoint of another server.");
        }

        OpenAIClientOptions options = new()
        {
            Endpoint = endpoint,
            // Retries and timeouts are the caller's, in one place.
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = timeout + timeout,
        };
        // Servers without keys still expect a header; what it holds does not matter to them.
        return new OpenAIClient(new ApiKeyCredential(string.IsNullOrWhiteSpace(key) ? "none" : key), options).GetChatClient(model).AsIChatClient();
    }

    /// <summary>The status and the Retry-After header of a request that failed.</summary>
    public static ChatFailure? ReadFailure(Exception exception)
        => exception is ClientResultException { Status: > 0 } failed
            ? ChatFailure.FromHttp(failed.Status, failed.GetRawResponse()?.Headers.TryGetValue("Retry-After", out string? after) == true ? after : null)
            : null;
}
