using System.Text.Json;

namespace ZeroShotCir.Json;

/// <summary>
/// A value of a JSON file and where it stands: every reading checks what is there, and throws the caller's exception, which names file,
/// line and field, where it is something else.
/// </summary>
internal sealed class JsonField
{
    private const int Shown = 80;
    private readonly JsonElement _element;
    private readonly JsonFormat _format;
    private readonly string _file;
    private readonly int _line;
    private readonly JsonField? _parent;
    private readonly string? _name;
    private readonly int _index;

    public JsonField(JsonElement element, string file, JsonFormat format, int line = 0)
    {
        _element = element;
        _file = file;
        _format = format;
        _line = line;
    }

    private JsonField(JsonField parent, JsonElement element, string? name, int index)
        : this(element, parent._file, parent._format, parent._line)
    {
        _parent = parent;
        _name = name;
        _index = index;
    }

    /// <summary>The value itself, for what the methods here do not read. Its strings may still be invalid: <see cref="Text"/> checks them.</summary>
    public JsonElement Element => _element;

    /// <summary>What kind of value it is; <see cref="JsonValueKind.Undefined"/> where there is none.</summary>
    public JsonValueKind Kind => _element.ValueKind;

    /// <summary>The name of a member of an object.</summary>
    public string Name => _name ?? string.Empty;

    /// <summary>The file that it stands in.</summary>
    public string File => _file;

    /// <summary>The line of JSON Lines that it stands in, counted from 1; 0 in other files.</summary>
    public int Line => _line;

    /// <summary>The field, or <see langword="null"/> where it is not there or null, which means "not said" as in Python.</summary>
    public JsonField? OrNull => Kind is JsonValueKind.Undefined or JsonValueKind.Null ? null : this;

    /// <summary>A member of an object; one that is not there complains only when it is read.</summary>
    public JsonField this[string name]
    {
        get
        {
            Expect(Kind == JsonValueKind.Object, "a JSON object");
            try
            {
                return new JsonField(this, _element.TryGetProperty(name, out JsonElement value) ? value : default, name, 0);
            }
            catch (InvalidOperationException e)
            {
                throw Unexpected("names in valid Unicode", e);
            }
        }
    }

    /// <summary>This field, which has to be an object.</summary>
    public JsonField Object()
    {
        Expect(Kind == JsonValueKind.Object, "a JSON object");
        return this;
    }

    /// <summary>The members of an object, in file order.</summary>
    public IEnumerable<JsonField> Members()
    {
        Expect(Kind == JsonValueKind.Object, "a JSON object");
        return Enumerate();

        IEnumerable<JsonField> Enumerate()
        {
            foreach (JsonProperty property in _element.EnumerateObject())
            {
                yield return new JsonField(this, property.Value, NameOf(property), 0);
            }
        }
    }

    /// <summary>The items of an array.</summary>
    /// <param name="expected">What is expected, for the message.</param>
    public IEnumerable<JsonField> Items(string expected = "a JSON array")
    {
        Expect(Kind == JsonValueKind.Array, expected);
        return _element.EnumerateArray().Select((item, index) => new JsonField(this, item, null, index));
    }

    /// <summary>A text.</summary>
    public string Text(string expected = "a text")
    {
        Expect(Kind == JsonValueKind.String, expected);
        try
        {
            return _element.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw Unexpected($"{expected} in valid Unicode", e);
        }
    }

    /// <summary>True or false.</summary>
    public bool Flag()
    {
        Expect(Kind is JsonValueKind.True or JsonValueKind.False, "true or false");
        return _element.GetBoolean();
    }

    /// <summary>A whole number in a range.</summary>
    public int Int32(int least = int.MinValue, int most = int.MaxValue, string? expected = null) => (int)Int64(least, most, expected);

    /// <summary>A whole number in a range.</summary>
    public long Int64(long least = long.MinValue, long most = long.MaxValue, string? expected = null)
        => Kind == JsonValueKind.Number && _element.TryGetInt64(out long value) && value >= least && value <= most
            ? value
            : throw Unexpected(expected ?? (least, most) switch
            {
                (long.MinValue, long.MaxValue) => "an integer",
                (_, int.MaxValue or long.MaxValue) when least > int.MinValue => $"an integer of at least {least}",
                _ => $"an integer from {least} to {most}",
            });

    /// <summary>A finite number.</summary>
    public double Double(string expected = "a number")
        => Kind == JsonValueKind.Number && _element.TryGetDouble(out double value) && double.IsFinite(value) ? value : throw Unexpected(expected);

    /// <summary>A time in ISO 8601.</summary>
    public DateTimeOffset Time()
        => Kind == JsonValueKind.String && _element.TryGetDateTimeOffset(out DateTimeOffset value) ? value : throw Unexpected("a time such as 2026-01-31T12:00:00Z");

    /// <summary>An array of texts.</summary>
    public IReadOnlyList<string> Texts() => [.. Items("a JSON array of texts").Select(item => item.Text())];

    /// <summary>The exception that this field is not what it should be.</summary>
    /// <param name="expected">What was expected.</param>
    /// <param name="cause">The cause, where there is one.</param>
    public Exception Unexpected(string expected, Exception? cause = null) => Fault($"expected {expected}, found {Found()}.", cause);

    /// <summary>The exception of a fault of this field, in the caller's words.</summary>
    public Exception Fault(string what, Exception? cause = null)
    {
        string path = Path(out int entry);
        string where = $"{(_line > 0 ? $", line {_line}" : string.Empty)}{(entry >= 0 ? $", entry {entry}" : string.Empty)}{(path.Length > 0 ? $", '{path}'" : string.Empty)}: ";
        return _format.Fault(_file, where, $"{what} {_format.Remedy}".TrimEnd(), cause);
    }

    private void Expect(bool holds, string expected)
    {
        if (!holds)
        {
            throw Unexpected(expected);
        }
    }

    private string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException e)
        {
            throw Unexpected("names in valid Unicode", e);
        }
    }

    // An item of the outermost array is an entry of the file; within it, the path is written as a program would.
    private string Path(out int entry)
    {
        entry = -1;
        if (_parent is null)
        {
            return string.Empty;
        }

        string outer = _parent.Path(out entry);
        if (_name is not null)
        {
            return outer.Length > 0 ? $"{outer}.{_name}" : _name;
        }

        if (_parent._parent is null)
        {
            entry = _index;
            return string.Empty;
        }

        return $"{outer}[{_index}]";
    }

    private string Found()
    {
        if (Kind is JsonValueKind.Undefined)
        {
            return "nothing";
        }

        if (Kind is JsonValueKind.Array)
        {
            return $"an array of {_element.GetArrayLength()}";
        }

        string text = Kind is JsonValueKind.Object ? "an object" : _element.GetRawText();
        return text.Length <= Shown ? text : text[..Shown] + "…";
    }
}
