using System.Text;
using System.Text.Json;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>The words of a message for its reader: content may be a string, parts or an object, and parts may be thoughts.</summary>
internal static class ContentText
{
    private const int MaxDepth = 8;
    private static readonly string[] Thoughts = ["think", "thought", "reason", "summary", "redacted", "analysis"];

    /// <summary>The text; empty where there is none.</summary>
    public static string Read(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            return string.Empty;
        }

        if (!message.TryGetProperty("content", out JsonElement content))
        {
            return JsonText.Read(message, "text") ?? string.Empty;
        }

        StringBuilder text = new();
        Append(content, text, 0);
        return text.ToString();
    }

    private static void Append(JsonElement content, StringBuilder text, int depth)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                text.Append(JsonText.Read(content));
                break;
            case JsonValueKind.Array when depth < MaxDepth:
                foreach (JsonElement part in content.EnumerateArray())
                {
                    Append(part, text, depth + 1);
                }

                break;
            case JsonValueKind.Object when !IsThought(content):
                AppendPart(content, text, depth);
                break;
        }
    }

    private static void AppendPart(JsonElement part, StringBuilder text, int depth)
    {
        if (part.TryGetProperty("text", out JsonElement inner) || part.TryGetProperty("output_text", out inner)
            || (part.TryGetProperty("type", out _) && part.TryGetProperty("content", out inner)))
        {
            // {"text": {"value": …}} as in assistants.
            if (inner.ValueKind == JsonValueKind.Object && inner.TryGetProperty("value", out JsonElement value))
            {
                inner = value;
            }

            if (depth < MaxDepth)
            {
                Append(inner, text, depth + 1);
            }
        }
        else if (!part.TryGetProperty("type", out _))
        {
            text.Append(part.GetRawText()); // The answer itself, already parsed by a server that means well.
        }
    }

    private static bool IsThought(JsonElement part)
    {
        string type = JsonText.Read(part, "type")?.ToLowerInvariant() ?? string.Empty;
        return Thoughts.Any(word => type.Contains(word, StringComparison.Ordinal))
            || (part.TryGetProperty("thought", out JsonElement thought) && thought.ValueKind == JsonValueKind.True);
    }
}
