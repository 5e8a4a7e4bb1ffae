using System.Text.Json;
using System.Text.Json.Nodes;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>
/// Asks for the probabilities of the first token of an answer: chat clients have no words for it, so the request is completed, and its
/// answer read, where both pass as JSON, in a <see cref="ChatHttpHandler"/> below the client.
/// </summary>
internal sealed class FirstTokenRequest : IDisposable
{
    // Ambient, since nothing else passes through a client of another's making to the handler below it.
    private static readonly AsyncLocal<FirstTokenRequest?> Ambient = new();

    private readonly int _alternatives;

    private FirstTokenRequest(int alternatives) => _alternatives = alternatives;

    /// <summary>The one that the calling request belongs to.</summary>
    public static FirstTokenRequest? Current => Ambient.Value;

    /// <summary>Whether a handler saw the request.</summary>
    public bool WasSent { get; private set; }

    /// <summary>What the answer says of its first token; <see langword="null"/> where it says nothing.</summary>
    public FirstToken? Answer { get; private set; }

    /// <summary>From now on, what this flow of control sends asks for probabilities.</summary>
    /// <param name="alternatives">How many of the likeliest tokens are asked for.</param>
    public static FirstTokenRequest Begin(int alternatives) => Ambient.Value = new FirstTokenRequest(alternatives);

    /// <summary>Completes a request.</summary>
    /// <param name="body">The body of a chat request.</param>
    /// <returns>The body that is sent.</returns>
    public byte[] Complete(ReadOnlySpan<byte> body)
    {
        WasSent = true;
        Answer = null;
        if (JsonNode.Parse(body) is not JsonObject request)
        {
            return body.ToArray();
        }

        request["logprobs"] = true;
        request["top_logprobs"] = _alternatives;
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            request.WriteTo(writer);
        }

        return stream.ToArray();
    }

    /// <summary>Reads an answer; what is no answer is others' to complain of.</summary>
    public void Read(string body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body.TrimStart('\uFEFF'), new JsonDocumentOptions { MaxDepth = ServerWords.MaxDepth, AllowTrailingCommas = true });
            Answer = FirstToken.Read(document.RootElement);
        }
        catch (JsonException)
        {
            Answer = null;
        }
    }

    public void Dispose() => Ambient.Value = null;
}
