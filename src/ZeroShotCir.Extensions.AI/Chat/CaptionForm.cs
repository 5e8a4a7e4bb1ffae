using System.Globalization;
using System.Text.Json;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>The form of an answer that lists captions: <c>{"captions": ["…", "…"]}</c>, or the bare array.</summary>
internal static class CaptionForm
{
    private static readonly JsonElement Schema = JsonElement.Parse(
        """
        {
          "type": "object",
          "properties": { "captions": { "type": "array", "items": { "type": "string" } } },
          "required": ["captions"],
          "additionalProperties": false
        }
        """u8);

    /// <summary>About how long an answer is: a sentence of two dozen words each.</summary>
    public static int AnswerTokens(int count) => 8 + (32 * count);

    public static AnswerForm<IReadOnlyList<string>> Create(int count, int maxLength)
    {
        string number = count == 1 ? "exactly 1 string" : string.Create(CultureInfo.InvariantCulture, $"exactly {count} different strings");
        return new("captions", $$"""JSON of the form {"captions": [...]} with {{number}}""", Schema, json => Read(json, count, maxLength));
    }

    private static AnswerReading<IReadOnlyList<string>>? Read(JsonElement json, int count, int maxLength)
    {
        JsonElement list = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("captions", out JsonElement captions) ? captions : json;
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            return null;
        }

        int given = list.GetArrayLength();
        List<string> distinct = [.. list.EnumerateArray()
            .Select(item => OneLine(item.GetString()!))
            .Where(caption => caption.Length > 0 && caption.Length <= maxLength)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Take(count)];
        string? complaint = distinct.Count < count || given != count
            ? string.Create(CultureInfo.InvariantCulture, $"it lists {given} captions, {distinct.Count} of them different, not empty and at most {maxLength} "
                + $"characters long, where {count} were asked for")
            : null;
        return new AnswerReading<IReadOnlyList<string>>(distinct.Count > 0 ? distinct : null, complaint);
    }

    private static string OneLine(string caption)
        => string.Join(' ', caption.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
