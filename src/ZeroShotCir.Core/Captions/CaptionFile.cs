using System.Text;
using System.Text.Json;
using ZeroShotCir.Files;
using ZeroShotCir.Json;

namespace ZeroShotCir.Captions;

/// <summary>Captions in a file, by image id.</summary>
/// <remarks>
/// Read are the published files of WeiMoCIR, one JSON array <c>[{"candidate", "captions": […]}]</c>, and JSON Lines with <c>id</c> and
/// <c>captions</c>, which is what a <see cref="Answers.AnswerStore"/> writes. Where an id occurs again, the later captions count; lines with an
/// <c>error</c> do not.
/// </remarks>
public static class CaptionFile
{
    private static readonly JsonFormat Published = FormatOf("[{\"candidate\": id, \"captions\": [text, …]}, …]", 1 << 30);
    private static readonly JsonFormat Lines = FormatOf("{\"id\": id, \"captions\": [text, …]}", 16 << 20);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The path.</param>
    /// <returns>The captions of each id, all of them and in order; scoring decides how many count.</returns>
    /// <exception cref="InvalidCaptionFileException">The file is missing, unreadable or malformed; the message names the line or entry.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Dictionary<string, IReadOnlyList<string>> captions = new(StringComparer.Ordinal);
        foreach (JsonField record in IsArray(path) ? JsonFile.Read(path, Published).Items() : JsonFile.ReadLines(path, Lines, mayEndTorn: true))
        {
            if (record["error"].OrNull is null)
            {
                captions[(record["candidate"].OrNull ?? record["id"]).Text()] = record["captions"].Texts();
            }
        }

        return captions;
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
        using (FileStream stream = FileFailure.Promised(temporary, () => new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None)))
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

        FileFailure.Replace(temporary, path);
    }

    private static JsonFormat FormatOf(string expected, long maxBytes) => new("caption file", (message, cause) => new InvalidCaptionFileException(message, cause))
    {
        MaxBytes = maxBytes,
        MaxDepth = 16,
        Remedy = $"Expected {expected}.",
    };

    private static bool IsArray(string path)
    {
        Span<byte> start = stackalloc byte[64];
        ReadOnlySpan<byte> read = start[..JsonFile.ReadStart(path, Published, start)];
        read = read.StartsWith(Encoding.UTF8.Preamble) ? read[Encoding.UTF8.Preamble.Length..] : read;
        return read.TrimStart(" \t\r\n"u8) is [(byte)'[', ..];
    }
}
