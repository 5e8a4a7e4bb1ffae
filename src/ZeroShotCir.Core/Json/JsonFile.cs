using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace ZeroShotCir.Json;

/// <summary>
/// Reads JSON files and JSON Lines that others wrote: bounded in bytes and depth, whatever is wrong told by the caller's exception with the
/// file and the line.
/// </summary>
internal static class JsonFile
{
    private const int FirstBuffer = 1 << 16;

    /// <summary>Reads a file that holds one JSON value.</summary>
    /// <returns>Its root, which owns what it holds.</returns>
    public static JsonField Read(string path, JsonFormat format) => Parse(ReadBytes(path, format).Span, path, format);

    /// <summary>Reads a file with one JSON value per line; empty lines are passed over. What is wrong with a line is told when it is reached.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">What it is.</param>
    /// <param name="mayEndTorn">Whether a last line without an end, which does not parse, is what a killed writer left, and is passed over.</param>
    public static IEnumerable<JsonField> ReadLines(string path, JsonFormat format, bool mayEndTorn = false)
    {
        using FileStream stream = Guarded(path, format, () => OpenRead(path));
        byte[] buffer = new byte[FirstBuffer];
        int start = 0, end = 0, number = 0;
        bool isLast = false;
        while (true)
        {
            int length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length < 0 && !isLast)
            {
                if (end - start > format.MaxBytes)
                {
                    throw format.Fault(path, $"is too long in line {number + 1}; at most {format.MaxBytes} bytes of a line are read. {format.Remedy}".TrimEnd());
                }

                MakeRoom(ref buffer, ref start, ref end);
                int read = Guarded(path, format, () => stream.Read(buffer, end, buffer.Length - end));
                isLast = read == 0;
                end += read;
                continue;
            }

            ReadOnlyMemory<byte> line = buffer.AsMemory(start, length < 0 ? end - start : length);
            start += line.Length + 1;
            number++;
            if (!IsBlank(line.Span) && ParseLine(line.Span, path, format, number, mayEndTorn && length < 0 && number > 1) is { } field)
            {
                yield return field;
            }

            if (length < 0)
            {
                yield break;
            }
        }
    }

    /// <summary>Parses JSON that has been read already.</summary>
    /// <param name="json">The bytes; a byte order mark is passed over.</param>
    /// <param name="path">Where they come from, for messages.</param>
    /// <param name="format">What they are.</param>
    /// <param name="line">The line of the file that they are, counted from 1; 0 for a whole file.</param>
    public static JsonField Parse(ReadOnlySpan<byte> json, string path, JsonFormat format, int line = 0)
    {
        if (json.StartsWith(Encoding.UTF8.Preamble))
        {
            json = json[Encoding.UTF8.Preamble.Length..];
        }

        string where = line > 0 ? $" in line {line}" : string.Empty;
        if (!Utf8.IsValid(json))
        {
            string found = json.StartsWith(Encoding.Unicode.Preamble) || json.StartsWith(Encoding.BigEndianUnicode.Preamble)
                ? "UTF-16" : $"not UTF-8{(line > 0 ? where : $" in line {LineOfBadByte(json)}")}";
            throw format.Fault(path, $"is {found}; expected JSON in UTF-8. Save it as UTF-8. {format.Remedy}".TrimEnd());
        }

        try
        {
            return new JsonField(JsonElement.Parse(json, new JsonDocumentOptions
            {
                MaxDepth = format.MaxDepth,
                AllowTrailingCommas = format.IsLenient,
                CommentHandling = format.IsLenient ? JsonCommentHandling.Skip : JsonCommentHandling.Disallow,
            }), path, format, line);
        }
        catch (JsonException e)
        {
            string at = line > 0 ? where : $" at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}";
            throw format.Fault(path, $"is not valid JSON{at}: {Reason(e)} {format.Remedy}".TrimEnd(), e);
        }
    }

    /// <summary>Reads a file whole, if it is not too large.</summary>
    public static ReadOnlyMemory<byte> ReadBytes(string path, JsonFormat format) => Guarded(path, format, () =>
    {
        using FileStream stream = OpenRead(path);
        long length = stream.CanSeek ? stream.Length : 0;
        byte[] buffer = new byte[Math.Min(format.MaxBytes, length) + 1];
        int end = 0;

        // Pipes and files that grow have more than their length says.
        for (int read; (read = stream.Read(buffer, end, buffer.Length - end)) > 0;)
        {
            end += read;
            if (end > format.MaxBytes)
            {
                throw format.Fault(path, $"has more than the {format.MaxBytes} bytes that are read of it. {format.Remedy}".TrimEnd());
            }

            if (end == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(format.MaxBytes + 1, Math.Max(FirstBuffer, buffer.Length * 2L)));
            }
        }

        return new ReadOnlyMemory<byte>(buffer, 0, end);
    });

    /// <summary>Reads how a file begins.</summary>
    /// <returns>How many bytes there are of it.</returns>
    public static int ReadStart(string path, JsonFormat format, Span<byte> start)
    {
        byte[] read = new byte[start.Length];
        int count = Guarded(path, format, () =>
        {
            using FileStream stream = OpenRead(path);
            return stream.ReadAtLeast(read, read.Length, throwOnEndOfStream: false);
        });
        read.AsSpan(0, count).CopyTo(start);
        return count;
    }

    private static JsonField? ParseLine(ReadOnlySpan<byte> json, string path, JsonFormat format, int number, bool isTorn)
    {
        try
        {
            return Parse(json, path, format, number);
        }
        catch (Exception) when (isTorn)
        {
            return null;
        }
    }

    private static FileStream OpenRead(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);

    private static T Guarded<T>(string path, JsonFormat format, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw format.Fault(path, $"does not exist. {format.WhenMissing}".TrimEnd(), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && Directory.Exists(path))
        {
            throw format.Fault(path, "is a folder; expected a file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw format.Fault(path, $"cannot be read: {e.Message}", e);
        }
    }

    private static void MakeRoom(ref byte[] buffer, ref int start, ref int end)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }

        if (end == buffer.Length)
        {
            Array.Resize(ref buffer, checked(buffer.Length * 2));
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r"u8) < 0;

    private static int LineOfBadByte(ReadOnlySpan<byte> json)
    {
        int line = 1;
        for (int end; (end = json.IndexOf((byte)'\n')) >= 0 && Utf8.IsValid(json[..end]); json = json[(end + 1)..])
        {
            line++;
        }

        return line;
    }

    // The reader's own place is zero-based and said already.
    private static string Reason(JsonException e)
    {
        int place = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return place < 0 ? e.Message : e.Message[..place];
    }
}
