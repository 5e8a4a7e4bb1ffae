using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>
/// Reads an answer of OpenAI's protocol as servers really write it and writes it anew in its plain form: one choice, its content one
/// string, its end one of three.
/// </summary>
internal static class ChatEnvelope
{
    private static readonly string[] Cut = ["length", "max_tokens", "max_output_tokens", "model_length", "max_length", "token_limit"];
    private static readonly string[] Filtered =
        ["content_filter", "content-filter", "safety", "prohibited_content", "blocklist", "recitation", "image_safety", "spii", "sensitive", "refusal", "guardrail_intervened"];

    /// <exception cref="ChatHttpException">It is no answer.</exception>
    public static byte[] Mend(string body, string? mediaType, TimeSpan? retryAfter, Secrets secrets)
    {
        string text = body.TrimStart('\uFEFF').Trim();
        if (mediaType == "text/event-stream" || IsEventStream(text))
        {
            throw Fail(ChatCause.EventStream, ErrorInStream(text));
        }

        if (text is ['<', ..] || (mediaType is "text/html" && text is not ['{', ..]))
        {
            throw Fail(ChatCause.WebPage, ServerWords.Parse(text).Sentence);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = ServerWords.MaxDepth, AllowTrailingCommas = true });
            return Mend(document.RootElement, retryAfter, secrets);
        }
        catch (JsonException)
        {
            throw Fail(IsLines(text) ? ChatCause.EventStream : ChatCause.Unreadable, text.Length == 0 ? "the answer is empty" : ServerWords.Parse(text).Sentence);
        }
    }

    private static byte[] Mend(JsonElement root, TimeSpan? retryAfter, Secrets secrets)
    {
        JsonElement? choice = FirstChoice(root);
        ServerWords words = ServerWords.FromJson(root);
        if (words.IsError && (choice is null || ContentText.Read(Message(choice.Value)).Length == 0))
        {
            throw new ChatHttpException(FailureReading.InsideSuccess(words, retryAfter));
        }

        if (choice is null)
        {
            // Other protocols, and errors that do not say that they are some.
            throw words.Sentence is { } sentence && root.ValueKind == JsonValueKind.Object && !root.TryGetProperty("choices", out _)
                ? new ChatHttpException(FailureReading.InsideSuccess(words, retryAfter))
                : Fail(ChatCause.Unreadable, words.Sentence ?? "the answer holds no choices");
        }

        if (ServerWords.FromJson(choice.Value) is { IsError: true } inChoice)
        {
            throw new ChatHttpException(FailureReading.InsideSuccess(inChoice, retryAfter));
        }

        return Write(root, choice.Value, secrets);
    }

    private static byte[] Write(JsonElement root, JsonElement choice, Secrets secrets)
    {
        JsonElement message = Message(choice);
        string content = secrets.Hide(ContentText.Read(message));
        string? refusal = JsonText.Read(message, "refusal") is { Length: > 0 } said ? secrets.Hide(said) : null;
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("id", JsonText.Read(root, "id") ?? string.Empty);
            writer.WriteString("object", "chat.completion");
            writer.WriteNumber("created", 0);
            writer.WriteString("model", JsonText.Read(root, "model") ?? string.Empty);
            writer.WriteStartArray("choices");
            writer.WriteStartObject();
            writer.WriteNumber("index", 0);
            writer.WriteString("finish_reason", End(choice));
            writer.WriteStartObject("message");
            writer.WriteString("role", "assistant");
            writer.WriteString("content", content);
            writer.WriteString("refusal", refusal);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndArray();
            WriteUsage(writer, root);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteUsage(Utf8JsonWriter writer, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("usage", out JsonElement usage) || usage.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        int input = Tokens("prompt_tokens") ?? Tokens("input_tokens") ?? 0;
        int output = Tokens("completion_tokens") ?? Tokens("output_tokens") ?? 0;
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", input);
        writer.WriteNumber("completion_tokens", output);
        writer.WriteNumber("total_tokens", (int)Math.Min((long)input + output, int.MaxValue));
        writer.WriteEndObject();

        int? Tokens(string name)
            => double.TryParse(JsonText.Read(usage, name), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number is >= 0 and <= int.MaxValue
                ? (int)number
                : null;
    }

    private static JsonElement? FirstChoice(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (root.TryGetProperty("choices", out JsonElement choices) && choices.ValueKind == JsonValueKind.Array)
        {
            JsonElement[] all = [.. choices.EnumerateArray().Where(choice => choice.ValueKind == JsonValueKind.Object)];
            return all.Length == 0 ? null : all.Where(choice => ContentText.Read(Message(choice)).Length > 0).Append(all[0]).First();
        }

        // Ollama's own protocol has the one message at the root.
        return root.TryGetProperty("message", out JsonElement message) && message.ValueKind == JsonValueKind.Object ? root : null;
    }

    private static JsonElement Message(JsonElement choice)
        => (choice.TryGetProperty("message", out JsonElement message) || choice.TryGetProperty("delta", out message)) && message.ValueKind == JsonValueKind.Object
            ? message
            : choice;

    private static string End(JsonElement choice)
    {
        string end = (JsonText.Read(choice, "finish_reason") ?? JsonText.Read(choice, "done_reason") ?? string.Empty).ToLowerInvariant();
        return Cut.Contains(end) ? "length" : Filtered.Contains(end) ? "content_filter" : "stop";
    }

    private static bool IsEventStream(string text)
        => text.StartsWith("data:", StringComparison.Ordinal) || text.StartsWith("event:", StringComparison.Ordinal) || text.StartsWith("id:", StringComparison.Ordinal)
            || text.StartsWith(": ", StringComparison.Ordinal) || text.StartsWith("retry:", StringComparison.Ordinal);

    // One JSON value per line, as Ollama streams.
    private static bool IsLines(string text)
        => text is ['{', ..] && text.Split('\n', 3, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is [[.., '}'], ['{', ..], ..];

    private static string? ErrorInStream(string text)
    {
        foreach (string line in text.Split('\n', 64, StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith("data:", StringComparison.Ordinal) && ServerWords.Parse(line[5..]) is { IsError: true, Sentence: { } sentence })
            {
                return sentence;
            }
        }

        return null;
    }

    private static ChatHttpException Fail(ChatCause cause, string? words) => new(new ChatFailure(cause, serverMessage: words) { IsInsideSuccess = true });
}
