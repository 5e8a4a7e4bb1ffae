using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;
using ZeroShotCir.Extensions.AI.Chat;

namespace ZeroShotCir.Tool.Options;

/// <summary>Connects to chat models by OpenAI's protocol, which most servers speak.</summary>
internal static class ChatEndpoint
{
    public static Uri OpenAI { get; } = new("https://api.openai.com/v1");

    /// <summary>The key in an environment variable; <see langword="null"/> where there is none.</summary>
    /// <exception cref="BadUsageException">It cannot be a key.</exception>
    public static string? Key(string variable)
    {
        string? key = Environment.GetEnvironmentVariable(variable)?.Trim();
        return string.IsNullOrEmpty(key) ? null
            : key.All(c => c is > ' ' and <= '~') ? key
            : throw new BadUsageException($"The environment variable {variable} holds blanks, line breaks or letters that no key has. Set it anew, to the key alone.");
    }

    /// <exception cref="BadUsageException">OpenAI's own endpoint needs a key and there is none.</exception>
    public static IChatClient Connect(Uri endpoint, string model, string keyVariable, TimeSpan timeout)
    {
        string? key = Key(keyVariable);
        if (key is null && endpoint.Host == OpenAI.Host)
        {
            throw new BadUsageException($"The environment variable {keyVariable} holds no key for {endpoint.Host}. Set it, or give the --endpoint of another server.");
        }

        OpenAIClientOptions options = new()
        {
            Endpoint = endpoint,
            // Retries and timeouts are the caller's, in one place.
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = timeout + timeout,
            Transport = new HttpClientPipelineTransport(new HttpClient(new ChatHttpHandler()) { Timeout = Timeout.InfiniteTimeSpan }),
        };
        // Servers without keys still expect a header; what it holds does not matter to them.
        return new OpenAIClient(new ApiKeyCredential(key ?? "none"), options).GetChatClient(model).AsIChatClient();
    }
}
