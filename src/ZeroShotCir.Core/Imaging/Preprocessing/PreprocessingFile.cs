using System.Text.Json;
using ZeroShotCir.Json;

namespace ZeroShotCir.Imaging.Preprocessing;

/// <summary>A JSON file that describes preprocessing, read field by field; every complaint names the file and the field.</summary>
internal sealed class PreprocessingFile
{
    private static readonly JsonFormat Format = new("preprocessing file", (message, cause) => new InvalidPreprocessingException(message, cause))
    {
        MaxBytes = 1 << 20,
        IsLenient = true,
        WhenMissing = "Check the path, or copy the file from where the model was published.",
    };

    private readonly JsonField _file;
    private readonly JsonField _root;

    private PreprocessingFile(JsonField file, string section)
    {
        _file = file;
        _root = file[section] is { Kind: JsonValueKind.Object } nested ? nested : file;
    }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="section">The field that holds the settings where they are part of a larger file.</param>
    public static PreprocessingFile Open(string path, string section)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new PreprocessingFile(JsonFile.Read(path, Format).Object(), section);
    }

    /// <summary>The first of the fields that is there and not null; a null field means "not said", as in Python.</summary>
    public bool TryGet(out JsonElement value, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (_root[name].OrNull is { } field)
            {
                value = field.Element;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>A field of the whole file, by the objects that it stands in.</summary>
    public bool TryGetOutside(out JsonElement value, params ReadOnlySpan<string> path)
    {
        JsonField field = _file;
        foreach (string name in path)
        {
            if (field.Kind != JsonValueKind.Object)
            {
                value = default;
                return false;
            }

            field = field[name];
        }

        value = field.Element;
        return field.OrNull is not null;
    }

    public string? Text(string name)
        => _root[name].OrNull?.Text("a string");

    public bool? Flag(string name)
        => _root[name].OrNull?.Flag();

    public double? Number(string name)
        => _root[name].OrNull?.Double();

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
        => new($"The preprocessing file '{_root.File}' has \"{name}\": {Describe(value)}; expected {expected}.");

    public InvalidPreprocessingException Missing(string name, string expected)
        => new($"The preprocessing file '{_root.File}' has no \"{name}\"; expected {expected}.");

    public InvalidPreprocessingException Unsupported(string what)
        => new($"The preprocessing file '{_root.File}' {what}");

    private static string Describe(JsonElement value)
    {
        string text = value.GetRawText();
        return text.Length <= 80 ? text : text[..80] + "…";
    }
}
