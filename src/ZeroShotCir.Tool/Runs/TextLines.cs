using System.Text.Json;
using ZeroShotCir.Json;

namespace ZeroShotCir.Tool.Runs;

/// <summary>Reads texts from JSON Lines: one object with a <c>text</c>, and perhaps an <c>id</c>, per line.</summary>
internal static class TextLines
{
    private static readonly JsonFormat Format = new("text file", (message, cause) => new InvalidDataException(message, cause))
    {
        MaxBytes = 16 << 20,
        Remedy = "Each line holds {\"text\": \"…\"}.",
    };

    /// <summary>The texts in file order; a line without an id has its number, counted from 1.</summary>
    /// <exception cref="InvalidDataException">The file is missing, empty, or a line is not such an object.</exception>
    public static IReadOnlyList<(string Id, string Text)> Read(FileInfo file)
    {
        List<(string Id, string Text)> texts = [];
        foreach (JsonField line in JsonFile.ReadLines(file.FullName, Format))
        {
            texts.Add((IdOf(line["id"]) ?? $"{line.Line}", line["text"].Text()));
        }

        return texts.Count > 0
            ? texts
            : throw new InvalidDataException($"The text file '{file}' is empty; expected one {{\"text\": \"…\"}} per line.");
    }

    /// <summary>What names a line: a text or a number.</summary>
    public static string? IdOf(JsonField id) => id.OrNull is null ? null : id.Kind == JsonValueKind.Number ? id.Element.GetRawText() : id.Text("a text or a number");
}
