using System.Buffers;
using System.Text;
using ZeroShotCir.Text;

namespace ZeroShotCir.Onnx.Tokenizers.Text;

/// <summary>
/// Repairs small damage of text as the Python library ftfy does by default (its <c>fix_text</c>), with which OpenAI's and
/// OpenCLIP's programs clean texts: character references, C1 controls, Latin ligatures, full and half widths, curly quotes,
/// line breaks, lone surrogates, terminal escapes and control characters, then composition (NFC), until nothing changes.
/// </summary>
/// <remarks>
/// One of its rules is left out: it also guesses which text was decoded by a wrong encoding ("sÃ©jour") and decodes it
/// again. Such text stays as it is here.
/// </remarks>
internal static class RepairedText
{
    /// <summary>References may be escaped again and again; each round undoes one level.</summary>
    private const int MostRounds = 64;

    private const char Escape = '\u001B';

    /// <summary>What U+FF5F to U+FFEF stand for in standard width; U+FFE3 is handled apart, for it stands for two characters.</summary>
    private const string StandardWidths =
        "\u2985\u2986\u3002\u300C\u300D\u3001\u30FB\u30F2\u30A1\u30A3\u30A5\u30A7\u30A9\u30E3\u30E5\u30E7\u30C3\u30FC\u30A2\u30A4\u30A6\u30A8\u30AA\u30AB" +
        "\u30AD\u30AF\u30B1\u30B3\u30B5\u30B7\u30B9\u30BB\u30BD\u30BF\u30C1\u30C4\u30C6\u30C8\u30CA\u30CB\u30CC\u30CD\u30CE\u30CF\u30D2\u30D5\u30D8\u30DB" +
        "\u30DE\u30DF\u30E0\u30E1\u30E2\u30E4\u30E6\u30E8\u30E9\u30EA\u30EB\u30EC\u30ED\u30EF\u30F3\u3099\u309A\u1160\u1100\u1101\u11AA\u1102\u11AC\u11AD" +
        "\u1103\u1104\u1105\u11B0\u11B1\u11B2\u11B3\u11B4\u11B5\u111A\u1106\u1107\u1108\u1121\u1109\u110A\u110B\u110C\u110D\u110E\u110F\u1110\u1111\u1112" +
        "\uFFBF\uFFC0\uFFC1\u1161\u1162\u1163\u1164\u1165\u1166\uFFC8\uFFC9\u1167\u1168\u1169\u116A\u116B\u116C\uFFD0\uFFD1\u116D\u116E\u116F\u1170\u1171" +
        "\u1172\uFFD8\uFFD9\u1173\u1174\u1175\uFFDD\uFFDE\uFFDF\u00A2\u00A3\u00AC\u0020\u00A6\u00A5\u20A9\uFFE7\u2502\u2190\u2191\u2192\u2193\u25A0\u25CB" +
        "\uFFEF";

    /// <summary>Characters that no rule touches, whatever stands beside them. What composes is not among them.</summary>
    private static readonly SearchValues<char> Sound = SearchValues.Create(
        [.. Enumerable.Range(0x20, 0x2E0).Where(code => code is not ('&' or (>= 0x7F and <= 0x9F) or 0x2BC) && Ligature((char)code) is null)
            .Concat([0x9, 0xA, 0xC]).Concat(Enumerable.Range(0x2010, 8)).Concat(Enumerable.Range(0x2020, 8)).Select(code => (char)code)]);

    /// <summary>Whether a text is left as it is; a quick test that most texts pass.</summary>
    public static bool IsSound(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Sound);

    /// <summary>Repairs a text. Rules go line by line; from the first line on that holds a "&lt;", the text counts as HTML, and its references stay.</summary>
    public static string Repair(string text)
    {
        if (IsSound(text))
        {
            return text;
        }

        StringBuilder repaired = new(text.Length);
        bool unescapes = true;
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = text.IndexOf('\n', start) + 1;
            end = end == 0 ? text.Length : end;
            string line = text[start..end];
            unescapes = unescapes && !line.Contains('<', StringComparison.Ordinal);
            repaired.Append(RepairLine(line, unescapes));
        }

        return repaired.ToString();
    }

    private static string RepairLine(string line, bool unescapes)
    {
        for (int round = 0; round < MostRounds && !IsSound(line); round++)
        {
            string before = line;
            line = unescapes ? HtmlEntities.UnescapeClosed(line) : line;
            line = CanonicalForm.Compose(WithoutControls(WithoutTerminalEscapes(Substituted(line))));
            if (line == before)
            {
                break;
            }
        }

        return line;
    }

    /// <summary>The rules that replace single characters: C1 controls, ligatures, widths, quotes, line breaks, surrogates.</summary>
    private static string Substituted(string text)
    {
        StringBuilder result = new(text.Length + 8);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i] is >= '\u0080' and <= '\u009F' ? HtmlEntities.Windows1252[text[i] - 0x80] : text[i];
            if (Ligature(c) is { } letters)
            {
                // The letter apostrophe that ŉ begins with counts as a quote.
                result.Append(letters.Replace('\u02BC', '\''));
            }
            else if (char.IsSurrogate(c))
            {
                bool isPair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
                result.Append(isPair ? text.AsSpan(i++, 2) : "\uFFFD");
            }
            else if (c != '\r' || i + 1 == text.Length || text[i + 1] != '\n')
            {
                Append(c, result);
            }
        }

        return result.ToString();
    }

    private static void Append(char c, StringBuilder result)
    {
        switch (c)
        {
            case '\u02BC' or (>= '\u2018' and <= '\u201B'):
                result.Append('\'');
                break;
            case >= '\u201C' and <= '\u201F':
                result.Append('"');
                break;
            case '\r' or '\u2028' or '\u2029' or '\u0085':
                result.Append('\n');
                break;
            case '\u3000':
                result.Append(' ');
                break;
            case >= '\uFF01' and <= '\uFF5E':
                result.Append((char)(c - 0xFEE0));
                break;
            case '\uFFE3':
                result.Append(" \u0304");
                break;
            case >= '\uFF5F' and <= '\uFFEF':
                result.Append(StandardWidths[c - 0xFF5F]);
                break;
            default:
                result.Append(c);
                break;
        }
    }

    private static string? Ligature(char c) => c switch
    {
        '\u0132' => "IJ",
        '\u0133' => "ij",
        '\u0149' => "\u02BCn",
        '\u01F1' => "DZ",
        '\u01F2' => "Dz",
        '\u01F3' => "dz",
        '\u01C4' => "D\u017D",
        '\u01C5' => "D\u017E",
        '\u01C6' => "d\u017E",
        '\u01C7' => "LJ",
        '\u01C8' => "Lj",
        '\u01C9' => "lj",
        '\u01CA' => "NJ",
        '\u01CB' => "Nj",
        '\u01CC' => "nj",
        '\uFB00' => "ff",
        '\uFB01' => "fi",
        '\uFB02' => "fl",
        '\uFB03' => "ffi",
        '\uFB04' => "ffl",
        '\uFB05' => "\u017Ft",
        '\uFB06' => "st",
        _ => null,
    };

    /// <summary>Drops "ANSI" sequences: escape, "[", digits (of any script) and semicolons, one ASCII letter.</summary>
    private static string WithoutTerminalEscapes(string text)
    {
        int escape = text.IndexOf(Escape, StringComparison.Ordinal);
        if (escape < 0)
        {
            return text;
        }

        StringBuilder kept = new(text.Length);
        int done = 0;
        for (; escape >= 0; escape = text.IndexOf(Escape, escape + 1))
        {
            int end = escape + 2;
            while (end < text.Length && (text[end] == ';' || char.IsDigit(text[end])))
            {
                end++;
            }

            if (end < text.Length && text[escape + 1] == '[' && char.IsAsciiLetter(text[end]))
            {
                kept.Append(text, done, escape - done);
                done = end + 1;
            }
        }

        return kept.Append(text, done, text.Length - done).ToString();
    }

    private static string WithoutControls(string text)
    {
        StringBuilder kept = new(text.Length);
        foreach (char c in text)
        {
            if (!IsControl(c))
            {
                kept.Append(c);
            }
        }

        return kept.Length == text.Length ? text : kept.ToString();
    }

    private static bool IsControl(char c) => c is <= '\u0008' or '\u000B' or (>= '\u000E' and <= '\u001F') or '\u007F'
        or (>= '\u206A' and <= '\u206F') or '\uFEFF' or (>= '\uFFF9' and <= '\uFFFC');
}
