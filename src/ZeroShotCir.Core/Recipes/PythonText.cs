using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace ZeroShotCir.Recipes;

/// <summary>Python's <c>str.strip</c> and <c>str.capitalize</c>, character for character, since published texts were made with them.</summary>
internal static class PythonText
{
    // Letters whose title case is more than one character: Unicode's SpecialCasing, which .NET does not apply.
    private static readonly FrozenDictionary<char, string> LongTitleCase = new Dictionary<char, string>
    {
        ['\u00DF'] = "\u0053\u0073",
        ['\u0149'] = "\u02BC\u004E",
        ['\u01F0'] = "\u004A\u030C",
        ['\u0390'] = "\u0399\u0308\u0301",
        ['\u03B0'] = "\u03A5\u0308\u0301",
        ['\u0587'] = "\u0535\u0582",
        ['\u1E96'] = "\u0048\u0331",
        ['\u1E97'] = "\u0054\u0308",
        ['\u1E98'] = "\u0057\u030A",
        ['\u1E99'] = "\u0059\u030A",
        ['\u1E9A'] = "\u0041\u02BE",
        ['\u1F50'] = "\u03A5\u0313",
        ['\u1F52'] = "\u03A5\u0313\u0300",
        ['\u1F54'] = "\u03A5\u0313\u0301",
        ['\u1F56'] = "\u03A5\u0313\u0342",
        ['\u1FB2'] = "\u1FBA\u0345",
        ['\u1FB4'] = "\u0386\u0345",
        ['\u1FB6'] = "\u0391\u0342",
        ['\u1FB7'] = "\u0391\u0342\u0345",
        ['\u1FC2'] = "\u1FCA\u0345",
        ['\u1FC4'] = "\u0389\u0345",
        ['\u1FC6'] = "\u0397\u0342",
        ['\u1FC7'] = "\u0397\u0342\u0345",
        ['\u1FD2'] = "\u0399\u0308\u0300",
        ['\u1FD3'] = "\u0399\u0308\u0301",
        ['\u1FD6'] = "\u0399\u0342",
        ['\u1FD7'] = "\u0399\u0308\u0342",
        ['\u1FE2'] = "\u03A5\u0308\u0300",
        ['\u1FE3'] = "\u03A5\u0308\u0301",
        ['\u1FE4'] = "\u03A1\u0313",
        ['\u1FE6'] = "\u03A5\u0342",
        ['\u1FE7'] = "\u03A5\u0308\u0342",
        ['\u1FF2'] = "\u1FFA\u0345",
        ['\u1FF4'] = "\u038F\u0345",
        ['\u1FF6'] = "\u03A9\u0342",
        ['\u1FF7'] = "\u03A9\u0342\u0345",
        ['\uFB00'] = "\u0046\u0066",
        ['\uFB01'] = "\u0046\u0069",
        ['\uFB02'] = "\u0046\u006C",
        ['\uFB03'] = "\u0046\u0066\u0069",
        ['\uFB04'] = "\u0046\u0066\u006C",
        ['\uFB05'] = "\u0053\u0074",
        ['\uFB06'] = "\u0053\u0074",
        ['\uFB13'] = "\u0544\u0576",
        ['\uFB14'] = "\u0544\u0565",
        ['\uFB15'] = "\u0544\u056B",
        ['\uFB16'] = "\u054E\u0576",
        ['\uFB17'] = "\u0544\u056D",
    }.ToFrozenDictionary();

    /// <summary>Takes any of the given characters off both ends.</summary>
    public static string Strip(string text, params ReadOnlySpan<char> characters) => text.AsSpan().Trim(characters).ToString();

    /// <summary>The first character in title case, all others in lower case.</summary>
    public static string Capitalize(string text)
    {
        StringBuilder result = new(text.Length);
        int position = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (position == 0)
            {
                AppendTitle(result, rune);
            }
            else
            {
                AppendLower(result, rune, text, position);
            }

            position += rune.Utf16SequenceLength;
        }

        return result.ToString();
    }

    private static void AppendTitle(StringBuilder result, Rune rune)
    {
        if (rune.IsBmp && LongTitleCase.TryGetValue((char)rune.Value, out string? title))
        {
            result.Append(title);
            return;
        }

        int value = rune.Value switch
        {
            // The digraphs DŽ, LJ, NJ and DZ have a title case of their own, the middle one of three code points.
            >= 0x1C4 and <= 0x1CC => 0x1C5 + ((rune.Value - 0x1C4) / 3 * 3),
            >= 0x1F1 and <= 0x1F3 => 0x1F2,

            // Georgian Mkhedruli has capitals that are not used as title case.
            >= 0x10D0 and <= 0x10FF => rune.Value,
            _ => Rune.ToUpperInvariant(rune).Value,
        };
        result.Append(new Rune(value));
    }

    private static void AppendLower(StringBuilder result, Rune rune, string text, int position)
    {
        switch (rune.Value)
        {
            case 'İ':
                result.Append("i\u0307");
                break;
            case 'Σ':
                result.Append(IsFinal(text, position) ? 'ς' : 'σ');
                break;
            default:
                result.Append(Rune.ToLowerInvariant(rune));
                break;
        }
    }

    // A capital sigma ends a word when a letter stands before it and none after, apostrophes and accents aside.
    private static bool IsFinal(string text, int position)
    {
        bool letterBefore = text[..position].EnumerateRunes().Reverse().FirstOrDefault(rune => !IsCaseIgnorable(rune)) is var before && IsCased(before);
        bool letterAfter = text[(position + 1)..].EnumerateRunes().FirstOrDefault(rune => !IsCaseIgnorable(rune)) is var after && IsCased(after);
        return letterBefore && !letterAfter;
    }

    private static bool IsCased(Rune rune)
        => Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;

    private static bool IsCaseIgnorable(Rune rune)
        => rune.Value is '\'' or '.' or ':' or '·' or '’' or '‘' or '․' or '\u2027'
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
                or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;
}
