using System.Text.Encodings.Web;
using System.Text.Json;
using ZeroShotCir.Json;

namespace ZeroShotCir.Tool.Places;

/// <summary>Where the model of a gallery folder is, in a file beside the gallery's own; the gallery itself knows which model it is, but not where.</summary>
/// <param name="Name">The model's folder, or a service and its name for the model.</param>
/// <param name="Precision">Which variant of the graphs.</param>
internal sealed record IndexedModel(string Name, string? Precision)
{
    /// <summary>How the service is asked; <see langword="null"/> of a folder.</summary>
    public IndexedService? Service { get; init; }

    /// <summary>The most soft tokens of an image, where they were asked for.</summary>
    public int? SoftTokens { get; init; }

    /// <summary>How many components of an embedding were kept, where it was asked for.</summary>
    public int? Dimensions { get; init; }

    private const string FileName = "model.json";
    private static readonly JsonFormat Format = new("file", (message, cause) => new InvalidDataException(message, cause))
    {
        MaxBytes = 1 << 20,
        Remedy = "It tells where the gallery's model is: delete it and give --model.",
    };

    /// <summary>What the folder says; <see langword="null"/> where it says nothing.</summary>
    /// <exception cref="InvalidDataException">The file is malformed.</exception>
    public static IndexedModel? Read(DirectoryInfo gallery)
    {
        string path = Path.Combine(gallery.FullName, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        JsonField root = JsonFile.Read(path, Format);
        if (root["service"].OrNull is { } service)
        {
            return new IndexedModel(service.Text(), null)
            {
                Service = new IndexedService(
                    Address(root["endpoint"]), root["instruction"].OrNull?.Text(), root["dimensions"].OrNull?.Int32(1, 1 << 20)),
            };
        }

        return new IndexedModel(root["folder"].Text(), root["precision"].OrNull?.Text())
        {
            SoftTokens = root["soft_tokens"].OrNull?.Int32(1, 1 << 20),
            Dimensions = root["dimensions"].OrNull?.Int32(1, 1 << 20),
        };
    }

    private static string? Address(JsonField field)
        => field.OrNull is not { } endpoint ? null
            : ServerUrl.Parse(endpoint.Text()) is not null ? endpoint.Text()
            : throw endpoint.Unexpected("an address such as http://localhost:8000/v1");

    public void Write(DirectoryInfo gallery)
    {
        using MemoryStream document = new();
        using (Utf8JsonWriter json = new(document, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (Service is { } service)
            {
                json.WriteString("service", Name);
                json.WriteString("role", "document");
                Write(json, "endpoint", service.Endpoint);
                Write(json, "instruction", service.Instruction);
                Write(json, "dimensions", service.Dimensions);
            }
            else
            {
                json.WriteString("folder", Name);
                json.WriteString("precision", Precision);
                Write(json, "soft_tokens", SoftTokens);
                Write(json, "dimensions", Dimensions);
            }

            json.WriteEndObject();
        }

        new JsonDestination(Path.Combine(gallery.FullName, FileName)).Write(document.ToArray());
    }

    private static void Write(Utf8JsonWriter json, string name, string? said)
    {
        if (said is not null)
        {
            json.WriteString(name, said);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, int? asked)
    {
        if (asked is { } number)
        {
            json.WriteNumber(name, number);
        }
    }
}
