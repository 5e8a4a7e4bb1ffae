using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace ZeroShotCir.Galleries.Storage;

/// <summary>
/// Compares an item's line with what <see cref="ItemLine.Write"/> writes, byte for byte: in an unchanged folder every line is the one that
/// would be written again, and nothing of it has to be understood.
/// </summary>
/// <remarks>
/// A line that another program wrote in another way, or that says more, is just not found to be the same. This runs once for each of very many
/// files, often in a process that is over before the runtime has compiled anything a second time: hence plain loops, compiled well at once,
/// where searches and comparisons of the framework would be compiled badly first.
/// </remarks>
internal static class WrittenLine
{
    private const int HashLength = 64;
    private const int LongestText = 1024;

    /// <summary>Whether a line begins with this id.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool HasId(ReadOnlySpan<byte> line, string id) => TakeId(ref line, id);

    /// <summary>The SHA-256 in a line that names this id, this place and this file, captions or none, and nothing else.</summary>
    /// <returns>64 hexadecimal digits, or <see langword="null"/> where the line is another one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static string? FindUnchanged(ReadOnlySpan<byte> line, string id, ItemPlace place, FileStamp file)
    {
        if (file.Changed is not { } changed || !TakeId(ref line, id) || !SkipCaptions(ref line)
            || !Take(ref line, ",\"file\":{\"root\":\""u8) || !TakeText(ref line, place.Root)
            || !Take(ref line, "\",\"path\":\""u8) || !TakeText(ref line, place.Path)
            || !Take(ref line, "\"},\"image\":{\"sha256\":\""u8) || line.Length < HashLength)
        {
            return null;
        }

        ReadOnlySpan<byte> sha256 = line[..HashLength];
        line = line[HashLength..];
        return IsHexadecimal(sha256)
            && Take(ref line, "\",\"bytes\":"u8) && TakeNumber(ref line, file.Bytes)
            && Take(ref line, ",\"modified\":\""u8) && TakeTime(ref line, file.Modified)
            && Take(ref line, "\",\"changed\":\""u8) && TakeTime(ref line, changed)
            && line.SequenceEqual("\"}}\n"u8)
            ? Encoding.ASCII.GetString(sha256)
            : null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TakeId(ref ReadOnlySpan<byte> line, string id) => Take(ref line, "{\"id\":\""u8) && TakeText(ref line, id) && Take(ref line, "\""u8);

    // The first bytes of this kind end the captions: within a text every quotation mark is escaped.
    private static bool SkipCaptions(ref ReadOnlySpan<byte> line)
    {
        if (Take(ref line, ",\"captions\":["u8))
        {
            int end = line.IndexOf("],\"file\":{"u8);
            line = line[(end + 1)..];
            return end >= 0;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Take(ref ReadOnlySpan<byte> line, scoped ReadOnlySpan<byte> expected)
    {
        bool starts = line.StartsWith(expected);
        line = line[(starts ? expected.Length : 0)..];
        return starts;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TakeText(ref ReadOnlySpan<byte> line, string text)
    {
        if (line.Length < text.Length)
        {
            return false;
        }

        for (int i = 0; i < text.Length; i++)
        {
            char sign = text[i];
            if (sign != line[i] || sign is '"' or '\\' or >= (char)0x80)
            {
                return TakeEscaped(ref line, text);
            }
        }

        line = line[text.Length..];
        return true;
    }

    private static bool TakeEscaped(ref ReadOnlySpan<byte> line, string text)
    {
        Span<char> escaped = stackalloc char[LongestText];
        if (JavaScriptEncoder.Default.Encode(text, escaped, out _, out int length) != OperationStatus.Done
            || line.Length < length || !Ascii.Equals(line[..length], escaped[..length]))
        {
            return false;
        }

        line = line[length..];
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsHexadecimal(ReadOnlySpan<byte> digits)
    {
        foreach (byte digit in digits)
        {
            if (!char.IsAsciiHexDigitLower((char)digit))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TakeNumber(ref ReadOnlySpan<byte> line, long number)
    {
        Span<byte> digits = stackalloc byte[20];
        return number.TryFormat(digits, out int length, default, CultureInfo.InvariantCulture) && Take(ref line, digits[..length]);
    }

    private static bool TakeTime(ref ReadOnlySpan<byte> line, DateTimeOffset time)
    {
        Span<byte> written = stackalloc byte[28];
        return time.UtcDateTime.TryFormat(written, out int length, "O", CultureInfo.InvariantCulture)
            && Take(ref line, written[..(length - 1)]) && Take(ref line, "\\u002B00:00"u8);
    }
}
