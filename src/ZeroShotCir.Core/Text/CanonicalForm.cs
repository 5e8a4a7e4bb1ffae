using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ZeroShotCir.Text;

/// <summary>
/// Unicode canonical decomposition (NFD) and composition (NFC) (Unicode Standard Annex 15), from an own table:
/// <see cref="string.Normalize()"/> does nothing in applications that run with invariant globalization.
/// </summary>
internal static class CanonicalForm
{
    private const int HangulSyllables = 0xAC00;
    private const int HangulLeading = 0x1100;
    private const int HangulVowel = 0x1161;
    private const int HangulTrailing = 0x11A7;
    private const int VowelCount = 21;
    private const int TrailingCount = 28;
    private const int SyllableCount = 19 * VowelCount * TrailingCount;

    private static readonly Lazy<Tables> Data = new(Tables.Read);

    /// <summary>Composes (NFC). A lone surrogate becomes U+FFFD.</summary>
    public static string Compose(string text)
    {
        // Nothing below U+0300 combines or decomposes into something else when composed again.
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', '\u02FF'))
        {
            return text;
        }

        List<int> points = Decompose((ReadOnlySpan<char>)text);
        ComposeInPlace(points);
        return ToText(points);
    }

    /// <summary>Decomposes (NFD). A lone surrogate becomes U+FFFD.</summary>
    public static string Decompose(string text) =>
        text.AsSpan().ContainsAnyExceptInRange('\0', '\u00BF') ? ToText(Decompose((ReadOnlySpan<char>)text)) : text;

    private static List<int> Decompose(ReadOnlySpan<char> text)
    {
        List<int> points = new(text.Length + 8);
        foreach (Rune rune in text.EnumerateRunes())
        {
            AppendDecomposed(rune.Value, points);
        }

        Reorder(CollectionsMarshal.AsSpan(points));
        return points;
    }

    private static void AppendDecomposed(int point, List<int> points)
    {
        int syllable = point - HangulSyllables;
        if (syllable is >= 0 and < SyllableCount)
        {
            points.Add(HangulLeading + (syllable / (VowelCount * TrailingCount)));
            points.Add(HangulVowel + (syllable % (VowelCount * TrailingCount) / TrailingCount));
            if (syllable % TrailingCount != 0)
            {
                points.Add(HangulTrailing + (syllable % TrailingCount));
            }
        }
        else if (point >= 0xC0 && Data.Value.Decompositions.TryGetValue(point, out (int First, int Second) parts))
        {
            AppendDecomposed(parts.First, points);
            if (parts.Second != 0)
            {
                points.Add(parts.Second);
            }
        }
        else
        {
            points.Add(point);
        }
    }

    /// <summary>Sorts each run of combining characters by combining class, equal ones keeping their order.</summary>
    private static void Reorder(Span<int> points)
    {
        for (int start = 0; start < points.Length; start++)
        {
            if (CombiningClass(points[start]) == 0)
            {
                continue;
            }

            int end = start + 1;
            while (end < points.Length && CombiningClass(points[end]) != 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                int[] sorted = [.. points[start..end].ToArray().OrderBy(CombiningClass)];
                sorted.CopyTo(points[start..]);
            }

            start = end;
        }
    }

    private static void ComposeInPlace(List<int> points)
    {
        int starter = -1;
        int written = 0;
        int lastClass = 0;
        for (int i = 0; i < points.Count; i++)
        {
            int point = points[i];
            int combining = CombiningClass(point);
            bool reachesStarter = starter >= 0 && (written == starter + 1 || (lastClass != 0 && lastClass < combining));
            if (reachesStarter && TryCompose(points[starter], point, out int composed))
            {
                points[starter] = composed;
                continue;
            }

            if (combining == 0)
            {
                starter = written;
            }

            lastClass = combining;
            points[written++] = point;
        }

        points.RemoveRange(written, points.Count - written);
    }

    private static bool TryCompose(int first, int second, out int composed)
    {
        int leading = first - HangulLeading;
        int vowel = second - HangulVowel;
        if (leading is >= 0 and < 19 && vowel is >= 0 and < VowelCount)
        {
            composed = HangulSyllables + (((leading * VowelCount) + vowel) * TrailingCount);
            return true;
        }

        int syllable = first - HangulSyllables;
        int trailing = second - HangulTrailing;
        if (syllable is >= 0 and < SyllableCount && syllable % TrailingCount == 0 && trailing is > 0 and < TrailingCount)
        {
            composed = first + trailing;
            return true;
        }

        return Data.Value.Compositions.TryGetValue((first, second), out composed);
    }

    private static int CombiningClass(int point) =>
        point >= 0x300 && Data.Value.CombiningClasses.TryGetValue(point, out byte combining) ? combining : 0;

    private static string ToText(List<int> points)
    {
        StringBuilder text = new(points.Count + 8);
        foreach (int point in points)
        {
            text.Append(new Rune(point));
        }

        return text.ToString();
    }

    private sealed record Tables(
        Dictionary<int, (int First, int Second)> Decompositions,
        Dictionary<(int First, int Second), int> Compositions,
        Dictionary<int, byte> CombiningClasses)
    {
        public static Tables Read()
        {
            Tables tables = new([], [], []);
            using Stream stream = typeof(CanonicalForm).Assembly.GetManifestResourceStream("canonical-mappings.txt")
                ?? throw new InvalidOperationException("The assembly does not hold the table 'canonical-mappings.txt'.");
            using StreamReader reader = new(stream);
            while (reader.ReadLine() is { } line)
            {
                int sign = line.AsSpan().IndexOfAny('=', '>', '-');
                int point = Hex(line.AsSpan(0, sign));
                ReadOnlySpan<char> rest = line.AsSpan(sign + 1);
                if (line[sign] == '-')
                {
                    int colon = rest.IndexOf(':');
                    int last = Hex(rest[..colon]);
                    byte combining = byte.Parse(rest[(colon + 1)..], provider: null);
                    for (int code = point; code <= last; code++)
                    {
                        tables.CombiningClasses.Add(code, combining);
                    }

                    continue;
                }

                int blank = rest.IndexOf(' ');
                (int First, int Second) parts = blank < 0
                    ? (Hex(rest), 0)
                    : (Hex(rest[..blank]), Hex(rest[(blank + 1)..]));
                tables.Decompositions.Add(point, parts);
                if (line[sign] == '=')
                {
                    tables.Compositions.Add(parts, point);
                }
            }

            return tables;
        }

        private static int Hex(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
