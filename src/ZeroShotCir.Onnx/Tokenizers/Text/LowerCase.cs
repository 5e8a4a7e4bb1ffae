using System.Globalization;
using System.Text;

namespace ZeroShotCir.Onnx.Tokenizers.Text;

/// <summary>
/// Lower-cases as Python's <c>str.lower</c> and JavaScript's <c>toLowerCase</c> do: İ becomes i with a dot above it,
/// and a sigma that ends a word becomes ς. .NET's invariant casing does neither.
/// </summary>
internal static class LowerCase
{
    /// <summary>Lower-cases. A lone surrogate becomes U+FFFD.</summary>
    public static string Convert(string text) => Convert(text, EndsWord);

    /// <summary>Lower-cases each code point by itself, as Hugging Face's tokenizers do: a sigma is σ wherever it stands.</summary>
    public static string ConvertEach(string text) => Convert(text, (_, _) => false);

    private static string Convert(string text, Func<string, int, bool> endsWord)
    {
        StringBuilder lower = new(text.Length + 4);
        int position = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case 'İ':
                    lower.Append("i\u0307");
                    break;
                case 'Σ':
                    lower.Append(endsWord(text, position) ? 'ς' : 'σ');
                    break;
                default:
                    lower.Append(Rune.ToLowerInvariant(rune));
                    break;
            }

            position += rune.Utf16SequenceLength;
        }

        return lower.ToString();
    }

    /// <summary>Unicode's Final_Sigma: a cased letter before it and none after it, case-ignorable characters skipped.</summary>
    private static bool EndsWord(string text, int position)
    {
        int before = position;
        Rune rune = default;
        while (before > 0)
        {
            Rune.DecodeLastFromUtf16(text.AsSpan(0, before), out rune, out int length);
            if (!IsCaseIgnorable(rune))
            {
                break;
            }

            before -= length;
        }

        if (before == 0 || !IsCased(rune))
        {
            return false;
        }

        for (int after = position + 1; after < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(after), out rune, out int length);
            if (!IsCaseIgnorable(rune))
            {
                return !IsCased(rune);
            }

            after += length;
        }

        return true;
    }

    private static bool IsCased(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        || rune.Value is 'ª' or 'º' or (>= 0x2160 and <= 0x217F) or (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149)
            or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189);

    private static bool IsCaseIgnorable(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
            or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol
        || rune.Value is '\'' or '.' or ':' or '·' or '\u0387' or '\u055F' or '\u05F4' or '\u2018' or '\u2019' or '\u2024' or '\u2027'
            or '\uFE13' or '\uFE52' or '\uFE55' or '\uFF07' or '\uFF0E' or '\uFF1A';
}
