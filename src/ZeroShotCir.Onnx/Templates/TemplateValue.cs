using System.Collections;
using System.Globalization;

namespace ZeroShotCir.Onnx.Templates;

/// <summary>What a template can do with values: texts, whole numbers, flags, lists, and tables by name.</summary>
internal static class TemplateValue
{
    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool flag => flag,
        long number => number != 0,
        string text => text.Length > 0,
        ICollection many => many.Count > 0,
        _ => true,
    };

    public static string Text(object? value) => value switch
    {
        null => string.Empty,
        string text => text,
        long number => number.ToString(CultureInfo.InvariantCulture),
        bool flag => flag ? "True" : "False",
        _ => throw new TemplateFault("the writing of a list or table"),
    };

    public static bool AreEqual(object? a, object? b) => Equals(a, b);

    public static object Add(object? a, object? b) => (a, b) switch
    {
        (string x, string y) => x + y,
        (long x, long y) => x + y,
        _ => throw new TemplateFault("the sum of what are no two texts or numbers"),
    };

    public static bool Contains(object? many, object? one) => many switch
    {
        string text when one is string part => text.Contains(part, StringComparison.Ordinal),
        IReadOnlyDictionary<string, object?> table => one is string name && table.ContainsKey(name),
        IReadOnlyList<object?> list => list.Contains(one),
        _ => throw new TemplateFault("an 'in' without a text, list or table"),
    };

    /// <summary>A member by its name, or an item by its place.</summary>
    public static object? Member(object? value, object? key) => (value, key) switch
    {
        (IReadOnlyDictionary<string, object?> table, string name) => table.GetValueOrDefault(name),
        (IReadOnlyList<object?> list, long place) => (place < 0 ? place + list.Count : place) is long at && at >= 0 && at < list.Count ? list[(int)at] : null,
        _ => throw new TemplateFault($"the member '{key}' of what has none"),
    };

    public static bool Is(object? value, string kind) => kind switch
    {
        "none" => value is null,
        "string" => value is string,
        "mapping" => value is IReadOnlyDictionary<string, object?>,
        "sequence" or "iterable" => value is string or ICollection,
        "number" or "integer" => value is long,
        "true" => value is true,
        "false" => value is false,
        _ => throw new TemplateFault($"the test 'is {kind}'"),
    };

    /// <summary>Filters, and the methods of Python that do the same.</summary>
    public static object Apply(string filter, object? value)
    {
        if (filter == "length" && value is ICollection many)
        {
            return (long)many.Count;
        }

        string text = value as string ?? throw new TemplateFault($"'{filter}' of what is no text");
        return filter switch
        {
            "capitalize" => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant(),
            "upper" => text.ToUpperInvariant(),
            "lower" => text.ToLowerInvariant(),
            "trim" or "strip" => text.Trim(),
            "lstrip" => text.TrimStart(),
            "rstrip" => text.TrimEnd(),
            "length" => (long)text.Length,
            _ => throw new TemplateFault($"'{filter}'"),
        };
    }
}
