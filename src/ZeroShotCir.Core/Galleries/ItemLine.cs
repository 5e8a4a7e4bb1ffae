using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace ZeroShotCir.Galleries;

/// <summary>An item as one line of JSON. The id comes first, so that it is found without reading the rest.</summary>
internal static class ItemLine
{
    public static void Write(ItemRecord item, ArrayBufferWriter<byte> buffer)
    {
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("id", item.Id);
            if (item.Captions.Count > 0)
            {
                writer.WriteStartArray("captions");
                foreach (string caption in item.Captions)
                {
                    writer.WriteStringValue(caption);
                }

                writer.WriteEndArray();
            }

            if (item.Metadata.Count > 0)
            {
                writer.WriteStartObject("metadata");
                foreach ((string key, string value) in item.Metadata)
                {
                    writer.WriteString(key, value);
                }

                writer.WriteEndObject();
            }

            if (item.Image is { } image)
            {
                writer.WriteStartObject("image");
                writer.WriteString("sha256", image.Sha256);
                if (image is { Bytes: { } bytes, Modified: { } modified })
                {
                    writer.WriteNumber("bytes", bytes);
                    writer.WriteString("modified", modified.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture));
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
    }

    /// <exception cref="JsonException">The line is not an item.</exception>
    public static string ParseId(ReadOnlySpan<byte> line)
    {
        Utf8JsonReader reader = new(line);
        return reader.Read() && reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("id"u8)
            && reader.Read() && reader.TokenType == JsonTokenType.String
            ? reader.GetString()!
            : throw new JsonException("An item must begin with its id.");
    }

    /// <exception cref="JsonException">The line is not an item.</exception>
    public static ItemRecord Parse(ReadOnlySpan<byte> line)
    {
        ItemRecord item = new(ParseId(line));
        try
        {
            Utf8JsonReader reader = new(line);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                item = property.Name switch
                {
                    "captions" => item with { Captions = [.. property.Value.EnumerateArray().Select(caption => caption.GetString()!)] },
                    "metadata" => item with { Metadata = property.Value.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!) },
                    "image" => item with { Image = ParseImage(property.Value) },
                    _ => item,
                };
            }

            return item;
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or KeyNotFoundException or ArgumentException)
        {
            throw new JsonException($"The item '{item.Id}' is malformed: {e.Message}", e);
        }
    }

    private static ImageStamp ParseImage(JsonElement image) => new(
        image.GetProperty("sha256").GetString()!,
        image.TryGetProperty("bytes", out JsonElement bytes) ? bytes.GetInt64() : null,
        image.TryGetProperty("modified", out JsonElement modified) ? modified.GetDateTimeOffset() : null);
}
