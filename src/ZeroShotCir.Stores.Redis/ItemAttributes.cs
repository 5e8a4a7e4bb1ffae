using System.Globalization;
using System.Text;
using System.Text.Json;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Stores.Redis;

/// <summary>
/// The attributes of an element: its metadata as strings, once more as numbers for filters to compare, and its captions. A filter reads
/// attributes by plain names only, so that the names of fields are written in letters and digits.
/// </summary>
internal static class ItemAttributes
{
    private const string TextPrefix = "f_";
    private const string NumberPrefix = "n_";
    private const string Captions = "c";

    /// <summary>The attribute that holds a field as a string.</summary>
    public static string Text(string field) => TextPrefix + Encode(field);

    /// <summary>The attribute that holds a field as a number, or the empty string where it is none.</summary>
    public static string Number(string field) => NumberPrefix + Encode(field);

    public static byte[] Write(GalleryItem item)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach ((string name, string value) in item.Metadata)
            {
                writer.WriteString(Text(name), value);
                if (TryParse(value, out double number))
                {
                    writer.WriteNumber(Number(name), number);
                }
                else
                {
                    writer.WriteString(Number(name), "");
                }
            }

            if (item.Captions.Count > 0)
            {
                writer.WriteStartArray(Captions);
                foreach (string caption in item.Captions)
                {
                    writer.WriteStringValue(caption);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    public static GalleryItem Read(string id, byte[]? attributes)
    {
        if (attributes is null or [])
        {
            return new GalleryItem(id);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(attributes);
            Dictionary<string, string> metadata = [];
            List<string> captions = [];
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.Name.StartsWith(TextPrefix, StringComparison.Ordinal))
                {
                    metadata.Add(Decode(property.Name[TextPrefix.Length..]), property.Value.GetString()!);
                }
                else if (property.Name == Captions)
                {
                    captions.AddRange(property.Value.EnumerateArray().Select(caption => caption.GetString()!));
                }
            }

            return new GalleryItem(id, captions, metadata);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidGalleryException($"The attributes of '{id}' in the store are not those that a push writes: {exception.Message} Push the gallery again.", exception);
        }
    }

    /// <summary>Whether a filter compares a value as a number; those that JSON cannot write are compared as strings by the store and again afterwards.</summary>
    public static bool TryParse(string value, out double number)
        => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private static string Encode(string field)
    {
        StringBuilder encoded = new();
        foreach (char character in field)
        {
            _ = char.IsAsciiLetterOrDigit(character)
                ? encoded.Append(character)
                : encoded.Append('_').Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }

    private static string Decode(string encoded)
    {
        StringBuilder field = new();
        for (int i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] == '_' && i + 5 <= encoded.Length)
            {
                field.Append((char)int.Parse(encoded.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                field.Append(encoded[i]);
            }
        }

        return field.ToString();
    }
}
