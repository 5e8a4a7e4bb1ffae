using System.Globalization;
using System.Text;

namespace ZeroShotCir.Onnx.Tokenizers.Text;

/// <summary>
/// Splits lower-cased text as CLIP's pattern does, <c>'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+</c>,
/// with whole code points: a regular expression of .NET sees the halves of letters beyond U+FFFF.
/// </summary>
internal static class ClipWords
{
    private const byte Blank = 0;
    private const byte Letter = 1;
    private const byte Number = 2;
    private const byte Other = 3;

    private static readonly byte[] AsciiKinds = [.. Enumerable.Range(0, 128).Select(code => KindOf(new Rune(code)))];

    /// <summary>Finds the next word.</summary>
    /// <param name="text">The text.</param>
    /// <param name="end">Where the last word ended; where this one ends.</param>
    /// <param name="longS">Whether ſ counts as s after an apostrophe, as it does for a pattern that ignores case.</param>
    /// <param name="start">Where the word begins.</param>
    /// <returns>Whether there is one.</returns>
    public static bool Next(ReadOnlySpan<char> text, ref int end, bool longS, out int start)
    {
        byte[] asciiKinds = AsciiKinds;
        int position = end;
        byte kind = Blank;
        int length = 1;
        for (; position < text.Length; position += length)
        {
            kind = Kind(asciiKinds, text, position, out length);
            if (kind != Blank)
            {
                break;
            }
        }

        start = position;
        if (position >= text.Length)
        {
            end = position;
            return false;
        }

        if (text[position] == '\'' && ContractionLength(text[position..], longS) is > 0 and int contraction)
        {
            end = position + contraction;
            return true;
        }

        position += length;
        while (kind != Number && position < text.Length && Kind(asciiKinds, text, position, out length) == kind)
        {
            position += length;
        }

        end = position;
        return true;
    }

    private static byte Kind(byte[] asciiKinds, ReadOnlySpan<char> text, int position, out int length)
    {
        char c = text[position];
        if (c < asciiKinds.Length)
        {
            length = 1;
            return asciiKinds[c];
        }

        Rune.DecodeFromUtf16(text[position..], out Rune rune, out length);
        return KindOf(rune);
    }

    private static byte KindOf(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Number,
        _ => Rune.IsWhiteSpace(rune) ? Blank : Other,
    };

    private static int ContractionLength(ReadOnlySpan<char> text, bool longS) => text switch
    {
        [_, 's' or 't' or 'm' or 'd', ..] => 2,
        [_, 'ſ', ..] when longS => 2,
        [_, 'r' or 'v', 'e', ..] or [_, 'l', 'l', ..] => 3,
        _ => 0,
    };
}
