using System.Text;
using System.Text.Json;

namespace ZeroShotCir.Captions;

/// <summary>Captions in a file, by image id.</summary>
/// <remarks>
/// Read are the published files of WeiMoCIR, one JSON array <c>[{"candidate", "captions": […]}]</c>, and JSON Lines with <c>id</c> and
/// <c>captions</c>, which is what a <see cref="CaptionStore"/> writes. Where an id occurs again, the later captions count; lines with an
/// <c>error</c> do not.
/// </remarks>
public static class CaptionFile
{
    private const int MaxDepth = 16;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The path.</param>
    /// <returns>The captions of each id, all of them and in order; scoring decides how many count.</returns>
    /// <exception cref="InvalidCaptionFileException">The file is missing, unreadable or malformed; the message names the line or entry.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            ReadOnlyMemory<byte> content = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsMemory(3) : bytes;
            int start = content.Span.IndexOfAnyExcept(" \t\r\n"u8);
            Dictionary<string, IReadOnlyList<string>> captions = new(StringComparer.Ordinal);
            if (start >= 0 && content.Span[start] == '[')
            {
                ReadArray(content, path, captions);
            }
            else
            {
                ReadLines(content.Span, path, captions);
            }

            return captions;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidCaptionFileException($"The caption file '{path}' does not exist. Check the path.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidCaptionFileException($"The caption file '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes the format of the published files, <c>[{"candidate", "captions": […]}]</c>. An existing file is replaced in one step.</summary>
    /// <param name="path">The path.</param>
    /// <param name="captions">The captions of each id, in the order they are to have.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteWeiMoCir(string path, IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> captions)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(captions);
        string temporary = path + ".tmp";
        using (FileStream stream = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            using (Utf8JsonWriter writer = new(stream))
            {
                writer.WriteStartArray();
                foreach ((string id, IReadOnlyList<string> texts) in captions)
                {
                    writer.WriteStartObject();
                    writer.WriteString("candidate", id);
                    writer.WriteStartArray("captions");
                    foreach (string text in texts)
                    {
                        writer.WriteStringValue(text);
                    }

                    writer.WriteEndArray();
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }

            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private static void ReadArray(ReadOnlyMemory<byte> content, string path, Dictionary<string, IReadOnlyList<string>> captions)
    {
        int entry = 0;
        try
        {
            using JsonDocument document = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = MaxDepth });
            foreach (JsonElement element in document.RootElement.EnumerateArray())
            {
                Add(captions, CaptionLine.Parse(element));
                entry++;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InvalidCaptionFileException(
                $"The caption file '{path}' is malformed at entry {entry}: {e.Message} Expected [{{\"candidate\": id, \"captions\": [text, …]}}, …].", e);
        }
    }

    private static void ReadLines(ReadOnlySpan<byte> content, string path, Dictionary<string, IReadOnlyList<string>> captions)
    {
        int number = 0;
        while (!content.IsEmpty)
        {
            number++;
            int length = content.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = length < 0 ? content : content[..length];
            content = length < 0 ? default : content[(length + 1)..];
            if (line.IndexOfAnyExcept(" \t\r"u8) < 0)
            {
                continue;
            }

            try
            {
                Add(captions, CaptionLine.Parse(line));
            }
            catch (JsonException) when (length < 0 && number > 1)
            {
                return; // A line that was being written when its writer was killed.
            }
            catch (JsonException e)
            {
                throw new InvalidCaptionFileException(
                    $"Line {number} of the caption file '{path}' is malformed: {e.Message} Expected {{\"id\": id, \"captions\": [text, …]}}.", e);
            }
        }
    }

    private static void Add(Dictionary<string, IReadOnlyList<string>> captions, CaptionRecord record)
    {
        if (record.Error is null)
        {
            captions[record.Id] = record.Captions;
        }
    }
}
