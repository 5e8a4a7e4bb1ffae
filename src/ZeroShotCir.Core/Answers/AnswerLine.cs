using System.Buffers;
using System.Text.Json;

namespace ZeroShotCir.Answers;

/// <summary>A record as one line of JSON, whose fields have the names that captions gave them: <c>id</c> and <c>captions</c> first, for readers that know no more.</summary>
internal static class AnswerLine
{
    public static void Write(AnswerRecord record, ArrayBufferWriter<byte> buffer)
    {
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("id", record.Id);
            writer.WriteStartArray("captions");
            foreach (string caption in record.Texts)
            {
                writer.WriteStringValue(caption);
            }

            writer.WriteEndArray();
            writer.WriteString("image", record.Content);
            writer.WriteString("captioner", record.Answerer);
            if (record.Error is not null)
            {
                writer.WriteString("error", record.Error);
            }

            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
    }

    /// <exception cref="JsonException">The line is not a record.</exception>
    public static AnswerRecord Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            Utf8JsonReader reader = new(line, new JsonReaderOptions { MaxDepth = 16 });
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            if (reader.Read())
            {
                throw new JsonException("There is more than one object in the line.");
            }

            return Parse(document.RootElement);
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException)
        {
            throw new JsonException($"Expected an object with an \"id\" and an array of \"captions\": {e.Message}", e);
        }
    }

    /// <summary>Reads an object with <c>captions</c> and an <c>id</c>, or <c>candidate</c> as in the published files.</summary>
    /// <exception cref="InvalidOperationException">Something has another type.</exception>
    /// <exception cref="KeyNotFoundException">Something is missing.</exception>
    public static AnswerRecord Parse(JsonElement element)
    {
        JsonElement id = element.TryGetProperty("candidate", out JsonElement candidate) ? candidate : element.GetProperty("id");
        List<string> captions = [];
        foreach (JsonElement caption in element.GetProperty("captions").EnumerateArray())
        {
            captions.Add(caption.GetString() ?? throw new InvalidOperationException("A caption is null."));
        }

        return new AnswerRecord(
            id.GetString() ?? throw new InvalidOperationException("The id is null."),
            Optional("image") ?? string.Empty,
            Optional("captioner") ?? string.Empty,
            captions,
            Optional("error"));

        string? Optional(string name) => element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
    }
}
