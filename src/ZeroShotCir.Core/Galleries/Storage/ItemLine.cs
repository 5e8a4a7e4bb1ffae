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
        return ReadId(ref reader);
    }

    /// <exception cref="JsonException">The line is not an item.</exception>
    public static ItemRecord Parse(ReadOnlySpan<byte> line)
    {
        Utf8JsonReader reader = new(line);
        string id = ReadId(ref reader);
        try
        {
            string[] captions = [];
            Dictionary<string, string>? metadata = null;
            ItemPlace? place = null;
            ImageStamp? image = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("captions"u8))
                {
                    captions = ReadTexts(ref reader);
                }
                else if (reader.ValueTextEquals("metadata"u8))
                {
                    metadata = ReadMetadata(ref reader);
                }
                else if (reader.ValueTextEquals("file"u8))
                {
                    place = ReadPlace(ref reader);
                }
                else if (reader.ValueTextEquals("image"u8))
                {
                    image = ReadImage(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }

            ItemRecord item = new(id) { Captions = captions, Place = place, Image = image };
            return metadata is null ? item : item with { Metadata = metadata };
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException)
        {
            throw new JsonException($"The item '{id}' is malformed: {e.Message}", e);
        }
    }

    private static string ReadId(ref Utf8JsonReader reader)
    {
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

    private static string[] ReadTexts(ref Utf8JsonReader reader)
    {
        Begin(ref reader, JsonTokenType.StartArray);
        List<string> texts = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(reader.GetString() ?? throw new FormatException("a text is null."));
        }

        return [.. texts];
    }

    private static Dictionary<string, string> ReadMetadata(ref Utf8JsonReader reader)
    {
        Begin(ref reader, JsonTokenType.StartObject);
        Dictionary<string, string> metadata = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            metadata.Add(reader.GetString()!, Text(ref reader));
        }

        return metadata;
    }

    private static ItemPlace ReadPlace(ref Utf8JsonReader reader)
    {
        Begin(ref reader, JsonTokenType.StartObject);
        (string? root, string? path) = (null, null);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("root"u8))
            {
                root = Text(ref reader);
            }
            else if (reader.ValueTextEquals("path"u8))
            {
                path = Text(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return new ItemPlace(root ?? throw Lacks("root"), path ?? throw Lacks("path"));
    }

    private static ImageStamp ReadImage(ref Utf8JsonReader reader)
    {
        Begin(ref reader, JsonTokenType.StartObject);
        string? sha256 = null;
        long? bytes = null;
        (DateTimeOffset? modified, DateTimeOffset? changed) = (null, null);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("sha256"u8))
            {
                sha256 = Text(ref reader);
            }
            else if (reader.ValueTextEquals("bytes"u8))
            {
                reader.Read();
                bytes = reader.GetInt64();
            }
            else if (reader.ValueTextEquals("modified"u8))
            {
                reader.Read();
                modified = reader.GetDateTimeOffset();
            }
            else if (reader.ValueTextEquals("changed"u8))
            {
                reader.Read();
                changed = reader.GetDateTimeOffset();
            }
            else
            {
                reader.Skip();
            }
        }

        return new ImageStamp(sha256 ?? throw Lacks("sha256"), bytes, modified, changed);
    }

    private static void Begin(ref Utf8JsonReader reader, JsonTokenType expected)
    {
        reader.Read();
        if (reader.TokenType != expected)
        {
            throw new FormatException($"expected {expected}, found {reader.TokenType}.");
        }
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString() ?? throw new FormatException("a text is null.");
    }

    private static FormatException Lacks(string property) => new($"it has no '{property}'.");
}
