using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ZeroShotCir.Stores.Postgres;

/// <summary>The metadata of a row as JSON: as strings, and those that are numbers once more as numbers.</summary>
internal static class RowMetadata
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Texts(IReadOnlyDictionary<string, string> metadata) => Write(metadata, (writer, name, value) => writer.WriteString(name, value));

    public static string Numbers(IReadOnlyDictionary<string, string> metadata) => Write(metadata, (writer, name, value) =>
    {
        if (TryParse(value, out double number))
        {
            writer.WriteNumber(name, number);
        }
    });

    public static Dictionary<string, string> Read(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToDictionary(property => property.Name, property => property.Value.GetString()!);
    }

    /// <summary>Whether a filter compares a value as a number; infinities are compared as strings, since JSON cannot write them.</summary>
    public static bool TryParse(string value, out double number)
        => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private static string Write(IReadOnlyDictionary<string, string> metadata, Action<Utf8JsonWriter, string, string> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, Plain))
        {
            writer.WriteStartObject();
            foreach ((string name, string value) in metadata)
            {
                write(writer, name, value);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
