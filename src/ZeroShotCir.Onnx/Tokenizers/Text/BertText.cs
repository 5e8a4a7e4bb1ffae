using System.Globalization;
using System.Text;
using ZeroShotCir.Text;

namespace ZeroShotCir.Onnx.Tokenizers.Text;

/// <summary>How BERT's tokenizers clean a text and cut it into words.</summary>
/// <param name="LowerCases">Whether text is lower-cased.</param>
/// <param name="StripsAccents">Whether accents go; <see langword="null"/> if lower-casing does.</param>
/// <param name="SeparatesIdeographs">Whether each Chinese character is a word.</param>
/// <param name="Cleans">Whether control characters go and every blank becomes a space.</param>
internal sealed record BertText(bool LowerCases, bool? StripsAccents = null, bool SeparatesIdeographs = true, bool Cleans = true)
{
    public string Normalize(string text)
    {
        text = Cleans || SeparatesIdeographs ? Clean(text) : text;
        text = StripsAccents ?? LowerCases ? WithoutMarks(text) : text;
        return LowerCases ? LowerCase.ConvertEach(text) : text;
    }

    /// <summary>Decomposes and drops nonspacing marks: é becomes e.</summary>
    public static string WithoutMarks(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        StringBuilder kept = new(text.Length);
        foreach (Rune rune in CanonicalForm.Decompose(text).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
            {
                kept.Append(rune);
            }
        }

        return kept.ToString();
    }

    /// <summary>Words are what stands between blanks; each punctuation mark is a word of its own.</summary>
    public static IEnumerable<string> Words(string text)
    {
        int start = 0;
        int position = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            int next = position + rune.Utf16SequenceLength;
            bool isBlank = Rune.IsWhiteSpace(rune);
            if (isBlank || IsPunctuation(rune))
            {
                if (position > start)
                {
                    yield return text[start..position];
                }

                if (!isBlank)
                {
                    yield return text[position..next];
                }

                start = next;
            }

            position = next;
        }

        if (position > start)
        {
            yield return text[start..position];
        }
    }

    private string Clean(string text)
    {
        StringBuilder clean = new(text.Length + 8);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Cleans && IsDropped(rune))
            {
                continue;
            }

            if (SeparatesIdeographs && IsIdeograph(rune.Value))
            {
                clean.Append(' ').Append(rune).Append(' ');
            }
            else if (Cleans && Rune.IsWhiteSpace(rune))
            {
                clean.Append(' ');
            }
            else
            {
                clean.Append(rune);
            }
        }

        return clean.ToString();
    }

    private static bool IsDropped(Rune rune) => rune.Value is not ('\t' or '\n' or '\r')
        && (rune.Value == 0xFFFD || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    /// <summary>All of ASCII that is neither letter, digit, blank nor control counts, also what Unicode calls symbols.</summary>
    private static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? rune.Value is (>= '!' and <= '/') or (>= ':' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~')
        : Rune.IsPunctuation(rune);

    private static bool IsIdeograph(int point) => point is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF)
        or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
