using System.Text.Json;

namespace ZeroShotCir.Imaging;

/// <summary>A JSON file that describes preprocessing, read field by field; every complaint names the file and the field.</summary>
internal sealed class PreprocessingFile : IDisposable
{
    private const long MaxBytes = 1 << 20;
    private readonly JsonDocument _document;
    private readonly string _path;

    private PreprocessingFile(string path, JsonDocument document)
    {
        _path = path;
        _document = document;
    }

    public static PreprocessingFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            FileInfo file = new(path);
            if (!file.Exists)
            {
                throw new InvalidPreprocessingException($"The preprocessing file '{path}' does not exist. Check the path, or copy the file from where the model was published.");
            }

            if (file.Length > MaxBytes)
            {
                throw new InvalidPreprocessingException($"The preprocessing file '{path}' has {file.Length} bytes; expected a JSON object of at most {MaxBytes} bytes.");
            }

            JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                string found = Describe(document.RootElement);
                document.Dispose();
                throw new InvalidPreprocessingException($"The preprocessing file '{path}' holds {found}; expected a JSON object.");
            }

            return new PreprocessingFile(path, document);
        }
        catch (JsonException e)
        {
            throw new InvalidPreprocessingException($"The preprocessing file '{path}' is not JSON: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidPreprocessingException($"The preprocessing file '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The first of the fields that is there and not null; a null field means "not said", as in Python.</summary>
    public bool TryGet(out JsonElement value, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (_document.RootElement.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null)
            {
                return true;
            }
        }

        value = default;
        return false;
    }

    public string? Text(string name)
        => !TryGet(out JsonElement value, name) ? null
            : value.ValueKind == JsonValueKind.String ? value.GetString()
            : throw Unexpected(name, value, "a string");

    public bool? Flag(string name)
        => !TryGet(out JsonElement value, name) ? null
            : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
            : throw Unexpected(name, value, "true or false");

    public double? Number(string name)
        => !TryGet(out JsonElement value, name) ? null
            : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number) ? number
            : throw Unexpected(name, value, "a number");

    /// <summary>Three numbers, the first of the fields that is there.</summary>
    public RgbValues? Channels(bool positive, params ReadOnlySpan<string> names)
    {
        if (!TryGet(out JsonElement value, names))
        {
            return null;
        }

        string expected = positive ? "three numbers above 0" : "three numbers";
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != 3)
        {
            throw Unexpected(names[0], value, expected);
        }

        Span<float> numbers = stackalloc float[3];
        for (int i = 0; i < 3; i++)
        {
            if (value[i].ValueKind != JsonValueKind.Number || !value[i].TryGetSingle(out numbers[i])
                || !float.IsFinite(numbers[i]) || (positive && numbers[i] <= 0))
            {
                throw Unexpected(names[0], value, expected);
            }
        }

        return new RgbValues(numbers[0], numbers[1], numbers[2]);
    }

    /// <summary>An edge in pixels that is (part of) the value of a field.</summary>
    public int Edge(string name, JsonElement value)
        => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int edge) && edge is >= 1 and <= ImagePreprocessing.MaxEdge
            ? edge
            : throw Unexpected(name, value, $"an edge between 1 and {ImagePreprocessing.MaxEdge} pixels");

    public InvalidPreprocessingException Unexpected(string name, JsonElement value, string expected)
        => new($"The preprocessing file '{_path}' has \"{name}\": {Describe(value)}; expected {expected}.");

    public InvalidPreprocessingException Missing(string name, string expected)
        => new($"The preprocessing file '{_path}' has no \"{name}\"; expected {expected}.");

    public InvalidPreprocessingException Unsupported(string what)
        => new($"The preprocessing file '{_path}' {what}");

    public void Dispose() => _document.Dispose();

    private static string Describe(JsonElement value)
    {
        string text = value.GetRawText();
        return text.Length <= 80 ? text : text[..80] + "…";
    }
}
