using System.Text.Json;
using ZeroShotCir.Retries;

namespace ZeroShotCir.Extensions.Http.Transport;

/// <summary>What a body says of an error, in whichever of the services' forms.</summary>
/// <param name="Sentence">Its own words in one line; <see langword="null"/> where the body says of none.</param>
/// <param name="Code">The status that stands in the body.</param>
/// <param name="Delay">How long it asks to wait.</param>
internal sealed record ServerError(string? Sentence, int? Code, TimeSpan? Delay)
{
    /// <summary>Whether it is about the key, which not every service says by a status of its own.</summary>
    public bool IsAboutKey { get; private init; }

    private const int MostWords = 500;

    /// <summary>Reads a body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="isSuccess">Whether the status says that it is no error; then only what says plainly that it is one counts.</param>
    /// <returns>The error; <see langword="null"/> where there is none.</returns>
    public static ServerError? Read(ReadOnlyMemory<byte> body, bool isSuccess)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 64 });
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return isSuccess ? null : new ServerError(Shorten(root.GetRawText()), null, null);
            }

            JsonElement error = root.TryGetProperty("error", out JsonElement inner) && inner.ValueKind is JsonValueKind.Object or JsonValueKind.String ? inner : root;
            bool says = error.ValueKind == JsonValueKind.String || !error.Equals(root) || root.TryGetProperty("detail", out _)
                || (root.TryGetProperty("object", out JsonElement kind) && kind.ValueEquals("error"))
                || (root.TryGetProperty("code", out _) && root.TryGetProperty("message", out _));
            if (isSuccess && !says)
            {
                return null;
            }

            string? sentence = error.ValueKind == JsonValueKind.String ? error.GetString()
                : Text(error, "message") ?? Text(error, "detail") ?? Text(error, "error_type") ?? error.GetRawText();
            return new ServerError(Shorten(sentence!), Number(error, "code"), DelayIn(error))
            {
                IsAboutKey = Details(error).Any(detail => Text(detail, "reason") == "API_KEY_INVALID"),
            };
        }
        catch (JsonException)
        {
            return isSuccess ? null : new ServerError(Shorten(IsPage(body.Span) ? "a web page instead of JSON" : System.Text.Encoding.UTF8.GetString(body.Span)), null, null);
        }
    }

    private static bool IsPage(ReadOnlySpan<byte> body) => body.TrimStart(" \t\r\n"u8).StartsWith("<"u8);

    private static string Shorten(string text)
    {
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length > MostWords ? line[..MostWords] + "…" : line;
    }

    private static string? Text(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value)
        ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? value.GetRawText() : null
        : null;

    private static int? Number(JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : null;

    private static JsonElement[] Details(JsonElement error)
        => error.ValueKind == JsonValueKind.Object && error.TryGetProperty("details", out JsonElement details) && details.ValueKind == JsonValueKind.Array
            ? [.. details.EnumerateArray()]
            : [];

    private static TimeSpan? DelayIn(JsonElement error)
    {
        foreach (JsonElement detail in Details(error))
        {
            if (Text(detail, "retryDelay") is { } delay && RetryDelay.FromDuration(delay) is { } asked)
            {
                return asked;
            }
        }

        return null;
    }
}
