using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>Finds the one JSON value that a model meant, in an answer that may wrap it in prose or fences.</summary>
internal static class JsonAnswer
{
    public const int MaxDepth = 16;

    // An answer that opens more brackets than this without one of them being JSON is prose; it also bounds the work.
    private const int MaxStarts = 256;

    private static readonly SearchValues<byte> Openings = SearchValues.Create("{["u8);

    /// <summary>Reads every JSON object and array at the top of the text that <paramref name="read"/> understands.</summary>
    /// <returns>The value, or a complaint where there is none or where there are several.</returns>
    public static AnswerReading<T> Find<T>(string text, Func<JsonElement, AnswerReading<T>?> read)
        where T : class
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        // A line break inside a string is what models often write for \n; between values any blank is as good.
        foreach (ref byte b in bytes.AsSpan())
        {
            b = b < ' ' ? (byte)' ' : b;
        }

        List<AnswerReading<T>> found = [];
        string? firstJson = null;
        int position = 0;
        for (int starts = 0; starts < MaxStarts; starts++)
        {
            int next = bytes.AsSpan(position).IndexOfAny(Openings);
            if (next < 0)
            {
                break;
            }

            position += next;
            int length = TryRead(bytes.AsSpan(position), read, out AnswerReading<T>? reading);
            if (reading is { } understood)
            {
                // The same value said twice, as a draft and in a fence, is still one meaning.
                string json = Encoding.UTF8.GetString(bytes, position, length);
                if (firstJson is null || json != firstJson)
                {
                    found.Add(understood);
                }

                firstJson ??= json;
            }

            position += Math.Max(length, 1);
        }

        return found.Count switch
        {
            1 => found[0],
            0 => new AnswerReading<T>(null, "it holds no JSON of the form that was asked for"),
            _ => new AnswerReading<T>(null, $"it holds {found.Count} different JSON values where one was asked for"),
        };
    }

    private static int TryRead<T>(ReadOnlySpan<byte> bytes, Func<JsonElement, AnswerReading<T>?> read, out AnswerReading<T>? reading)
        where T : class
    {
        reading = null;
        Utf8JsonReader reader = new(bytes, new JsonReaderOptions { MaxDepth = MaxDepth, AllowTrailingCommas = true, AllowMultipleValues = true });
        try
        {
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            reading = read(document.RootElement);
            return (int)reader.BytesConsumed;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with half a surrogate pair.
            return 0;
        }
    }
}
