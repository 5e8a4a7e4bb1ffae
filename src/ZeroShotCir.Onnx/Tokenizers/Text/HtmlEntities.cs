using System.Text;

namespace ZeroShotCir.Onnx.Tokenizers.Text;

/// <summary>
/// Replaces character references as HTML 5 names them, with or without semicolon, and numeric ones: what Python's
/// <c>html.unescape</c> does, which OpenAI's tokenizer cleans text with.
/// </summary>
internal static class HtmlEntities
{
    private const int LongestName = 32;

    private const int LongestClosedName = 24;

    private static readonly Lazy<Dictionary<string, string>> Names = new(ReadNames);
    private static readonly Lazy<Dictionary<string, string>> CapitalNames = new(ReadCapitalNames);

    /// <summary>What browsers show for the numeric references 0x80 to 0x9F: Windows-1252.</summary>
    public const string Windows1252 =
        "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F" +
        "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    public static string Unescape(string text)
    {
        int ampersand = text.IndexOf('&', StringComparison.Ordinal);
        if (ampersand < 0)
        {
            return text;
        }

        StringBuilder result = new(text.Length);
        int done = 0;
        for (; ampersand >= 0; ampersand = text.IndexOf('&', done))
        {
            result.Append(text, done, ampersand - done);
            ReadOnlySpan<char> rest = text.AsSpan(ampersand + 1);
            int length = rest is ['#', ..] ? AppendNumeric(rest, result) : AppendNamed(rest, result);
            if (length == 0)
            {
                result.Append('&');
            }

            done = ampersand + 1 + length;
        }

        return result.Append(text, done, text.Length - done).ToString();
    }

    /// <summary>
    /// Replaces only what is surely meant as a reference, as ftfy does: what ends in a semicolon, and names of lower-case
    /// letters also in capitals (<c>&amp;EACUTE;</c>), then giving the capital.
    /// </summary>
    public static string UnescapeClosed(string text)
    {
        int ampersand = text.IndexOf('&', StringComparison.Ordinal);
        if (ampersand < 0)
        {
            return text;
        }

        StringBuilder result = new(text.Length);
        int done = 0;
        for (; ampersand >= 0; ampersand = text.IndexOf('&', Math.Max(ampersand + 1, done)))
        {
            int name = ampersand + (ampersand + 1 < text.Length && text[ampersand + 1] == '#' ? 2 : 1);
            int end = name;
            while (end < text.Length && end - name < LongestClosedName && char.IsAsciiLetterOrDigit(text[end]))
            {
                end++;
            }

            if (end > name && end < text.Length && text[end] == ';' && ClosedValue(text[ampersand..(end + 1)]) is { } value)
            {
                result.Append(text, done, ampersand - done).Append(value);
                done = end + 1;
            }
        }

        return result.Append(text, done, text.Length - done).ToString();
    }

    private static string? ClosedValue(string reference)
    {
        if (reference[1] == '#')
        {
            string value = Unescape(reference);
            return value.Contains(';', StringComparison.Ordinal) ? null : value;
        }

        return Names.Value.GetValueOrDefault(reference[1..]) ?? CapitalNames.Value.GetValueOrDefault(reference[1..]);
    }

    /// <summary>Returns how many characters after the ampersand the reference takes; 0 where there is none.</summary>
    private static int AppendNumeric(ReadOnlySpan<char> rest, StringBuilder result)
    {
        bool hex = rest is [_, 'x' or 'X', ..];
        int start = hex ? 2 : 1;
        int end = start;
        int value = 0;
        while (end < rest.Length && (hex ? char.IsAsciiHexDigit(rest[end]) : char.IsAsciiDigit(rest[end])))
        {
            int digit = Convert.ToInt32(rest[end].ToString(), 16);
            value = Math.Min((value * (hex ? 16 : 10)) + digit, 0x110000);
            end++;
        }

        if (end == start)
        {
            return 0;
        }

        if (value is >= 0x80 and <= 0x9F)
        {
            result.Append(Windows1252[value - 0x80]);
        }
        else if (value is 0 or > 0x10FFFF or (>= 0xD800 and <= 0xDFFF))
        {
            result.Append('\uFFFD');
        }
        else if (!IsInvalid(value))
        {
            result.Append(new Rune(value));
        }

        return end < rest.Length && rest[end] == ';' ? end + 1 : end;
    }

    private static bool IsInvalid(int value) =>
        value is (>= 1 and <= 8) or 0xB or (>= 0xE and <= 0x1F) or 0x7F or (>= 0xFDD0 and <= 0xFDEF) || (value & 0xFFFE) == 0xFFFE;

    private static int AppendNamed(ReadOnlySpan<char> rest, StringBuilder result)
    {
        int end = 0;
        while (end < rest.Length && end < LongestName && rest[end] is not ('\t' or '\n' or '\f' or ' ' or '<' or '&' or '#' or ';'))
        {
            end++;
        }

        if (end == 0)
        {
            return 0;
        }

        if (end < rest.Length && rest[end] == ';')
        {
            end++;
        }

        Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> names = Names.Value.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int length = end; length > 1; length--)
        {
            if (names.TryGetValue(rest[..length], out string? value))
            {
                result.Append(value);
                return length;
            }
        }

        return 0;
    }

    /// <summary>Lower-case names in capitals, but for those that mean something else or begin with a name that does.</summary>
    private static Dictionary<string, string> ReadCapitalNames()
    {
        Dictionary<string, string> capitals = new(StringComparer.Ordinal);
        foreach ((string name, string value) in Names.Value)
        {
            string capital = name.ToUpperInvariant();
            if (name.EndsWith(';') && !name.Any(char.IsAsciiLetterUpper) && Unescape("&" + capital) == "&" + capital)
            {
                capitals.Add(capital, Capital(value));
            }
        }

        return capitals;
    }

    /// <summary>Capitals as Python's <c>upper</c> gives them for what has a name: a few become several letters.</summary>
    private static string Capital(string value) => value switch
    {
        "\u00DF" => "SS",
        "\u0149" => "\u02BCN",
        "\uFB00" => "FF",
        "\uFB01" => "FI",
        "\uFB02" => "FL",
        "\uFB03" => "FFI",
        "\uFB04" => "FFL",
        _ => string.Concat(value.EnumerateRunes().Select(rune => Rune.ToUpperInvariant(rune).ToString())),
    };

    private static Dictionary<string, string> ReadNames()
    {
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        foreach (string line in EmbeddedTable.Lines("html-entities.txt"))
        {
            string[] parts = line.Split(' ');
            names.Add(parts[0], string.Concat(parts.Skip(1).Select(point => new Rune(EmbeddedTable.Hex(point)).ToString())));
        }

        return names;
    }
}
