using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace ZeroShotCir.Galleries.Storage;

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

            if (item.Place is { } place)
            {
                writer.WriteStartObject("file");
                writer.WriteString("root", place.Root);
                writer.WriteString("path", place.Path);
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

                if (image.Changed is { } changed)
                {
                    writer.WriteString("changed", changed.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture));
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
        if (!reader.Read() || !reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("id"u8)
            || !reader.Read() || reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("An item must begin with its id.");
        }

        try
        {
            return reader.GetString() is { Length: > 0 } id ? id : throw new JsonException("The id of an item is empty.");
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("The id is not valid UTF-8.", e);
        }
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
                    "captions" => item with { Captions = [.. property.Value.EnumerateArray().Select(Text)] },
                    "metadata" => item with { Metadata = property.Value.EnumerateObject().ToDictionary(entry => entry.Name, entry => Text(entry.Value)) },
                    "file" => item with { Place = new ItemPlace(Text(property.Value.GetProperty("root")), Text(property.Value.GetProperty("path"))) },
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

    private static string Text(JsonElement element) => element.GetString() ?? throw new FormatException("a text is null.");

    private static ImageStamp ParseImage(JsonElement image) => new(
        Text(image.GetProperty("sha256")),
        image.TryGetProperty("bytes", out JsonElement bytes) ? bytes.GetInt64() : null,
        image.TryGetProperty("modified", out JsonElement modified) ? modified.GetDateTimeOffset() : null,
        image.TryGetProperty("changed", out JsonElement changed) ? changed.GetDateTimeOffset() : null);
}
