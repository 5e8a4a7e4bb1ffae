using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>What a server says of an error, in whichever of the usual forms.</summary>
/// <param name="Sentence">Its own sentence in one line; <see langword="null"/> where there is none.</param>
/// <param name="Codes">Everything that is a name rather than a sentence (codes, types, parameters), in lower case, separated by blanks.</param>
/// <param name="Code">The status that stands in the body.</param>
/// <param name="RetryDelay">How long it asks to wait.</param>
/// <param name="IsError">Whether the body says that it is an error.</param>
internal sealed partial record ServerWords(string? Sentence, string Codes, int? Code, TimeSpan? RetryDelay, bool IsError)
{
    public const int MaxDepth = 64;
    private const int MaxSentence = 1000;
    private const int MaxCodes = 2000;
    private static readonly string[] SentenceNames = ["message", "detail", "error", "error_message", "error_description", "msg", "reason", "description", "title"];
    private static readonly string[] CodeNames = ["code", "type", "status", "param", "reason", "loc"];

    /// <summary>Reads a body: JSON of any service, a page or plain text.</summary>
    public static ServerWords Parse(string body)
    {
        string text = body.TrimStart('\uFEFF').Trim();
        if (text is ['{' or '[', ..])
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowTrailingCommas = true });
                return FromJson(document.RootElement);
            }
            catch (JsonException)
            {
                // Cut or no JSON after all: what is there is shown as it is.
            }
        }

        return new ServerWords(Line(text is ['<', ..] ? TextOfPage(text) : text), string.Empty, null, null, false);
    }

    /// <summary>Takes the message of a client's exception for what the server said: it is the only place where it may stand.</summary>
    public static ServerWords InMessage(string message) => new(Line(message), Line(message)?.ToLowerInvariant() ?? string.Empty, null, null, true);

    public static ServerWords FromJson(JsonElement root)
    {
        JsonElement node = root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 ? root[0] : root;
        if (node.ValueKind != JsonValueKind.Object)
        {
            return new ServerWords(Line(JsonText.Read(node)), string.Empty, null, null, false);
        }

        bool isError = JsonText.Read(node, "object") is "error" || JsonText.Read(node, "type") is "error";
        JsonElement error = node;
        if (node.TryGetProperty("error", out JsonElement inner) && !IsNothing(inner))
        {
            error = inner;
            isError = true;
        }
        else if (node.TryGetProperty("errors", out JsonElement several) && several.ValueKind == JsonValueKind.Array && several.GetArrayLength() > 0)
        {
            error = several[0];
            isError = true;
        }

        StringBuilder codes = new();
        TimeSpan? delay = null;
        Gather(node, codes, ref delay, 0);
        return new ServerWords(
            Line(SentenceOf(error) ?? SentenceOf(node)), codes.ToString().ToLowerInvariant(), CodeOf(error) ?? CodeOf(node), delay, isError);
    }

    private static bool IsNothing(JsonElement error) => error.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => error.ValueEquals(string.Empty),
        JsonValueKind.Object => !error.EnumerateObject().Any(),
        _ => false,
    };

    private static string? SentenceOf(JsonElement error)
    {
        if (error.ValueKind == JsonValueKind.String)
        {
            return JsonText.Read(error);
        }

        if (error.ValueKind == JsonValueKind.Array && error.GetArrayLength() > 0)
        {
            return SentenceOf(error[0]);
        }

        if (error.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (string name in SentenceNames)
        {
            if (error.TryGetProperty(name, out JsonElement value) && SentenceOf(value) is { Length: > 0 } sentence)
            {
                // A router passes on what the service behind it said; its own words are then only that it failed.
                return error.TryGetProperty("metadata", out JsonElement metadata) && JsonText.Read(metadata, "raw") is { Length: > 0 } raw ? $"{sentence}: {raw}" : sentence;
            }
        }

        return null;
    }

    private static int? CodeOf(JsonElement error)
    {
        foreach (string name in (ReadOnlySpan<string>)["code", "status", "status_code"])
        {
            if (error.ValueKind == JsonValueKind.Object && error.TryGetProperty(name, out JsonElement value)
                && int.TryParse(value.ValueKind == JsonValueKind.Number ? value.GetRawText() : JsonText.Read(value), NumberStyles.None, CultureInfo.InvariantCulture, out int code)
                && code is >= 400 and < 600)
            {
                return code;
            }
        }

        return null;
    }

    private static void Gather(JsonElement element, StringBuilder codes, ref TimeSpan? delay, int depth)
    {
        if (depth > 8 || codes.Length > MaxCodes)
        {
            return;
        }

        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in element.EnumerateArray())
            {
                Gather(item, codes, ref delay, depth + 1);
            }

            return;
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            string name = JsonText.NameOf(property);
            if (CodeNames.Contains(name))
            {
                foreach (JsonElement value in property.Value.ValueKind == JsonValueKind.Array ? [.. property.Value.EnumerateArray()] : (JsonElement[])[property.Value])
                {
                    codes.Append(' ').Append(JsonText.Read(value));
                }
            }
            else if (name is "retryDelay" or "retry_delay")
            {
                delay ??= Retries.RetryDelay.FromDuration(JsonText.Read(property.Value));
            }

            Gather(property.Value, codes, ref delay, depth + 1);
        }
    }

    private static string TextOfPage(string page)
    {
        string head = page.Length > 20_000 ? page[..20_000] : page;
        string visible = Tag().Replace(Unseen().Replace(head, " "), " ");
        return WebUtility.HtmlDecode(visible);
    }

    private static string? Line(string? text)
    {
        if (text is null)
        {
            return null;
        }

        StringBuilder line = new();
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, 4 * MaxSentence)))
        {
            if (!char.IsWhiteSpace(c) && !char.IsControl(c))
            {
                line.Append(c);
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        string trimmed = line.ToString().Trim();
        return trimmed.Length == 0 ? null : trimmed.Length <= MaxSentence ? trimmed : trimmed[..MaxSentence];
    }

    [GeneratedRegex("<(script|style)[^>]{0,2000}>[^<]*", RegexOptions.IgnoreCase)]
    private static partial Regex Unseen();

    [GeneratedRegex("<[^<>]{0,2000}>")]
    private static partial Regex Tag();
}
