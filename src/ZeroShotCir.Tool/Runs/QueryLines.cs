using ZeroShotCir.Json;

namespace ZeroShotCir.Tool.Runs;

/// <summary>Reads composed queries from JSON Lines: <c>{"text", "images": [path…]}</c>, and perhaps an <c>id</c>, per line.</summary>
internal static class QueryLines
{
    private static readonly JsonFormat Format = new("query file", (message, cause) => new InvalidDataException(message, cause))
    {
        MaxBytes = 16 << 20,
        Remedy = "Each line holds {\"text\": \"…\", \"images\": [\"path\"]}.",
    };

    /// <summary>The queries in file order; a line without an id has its number, counted from 1. Paths are relative to the file.</summary>
    /// <exception cref="InvalidDataException">The file is missing, empty, or a line is not such an object.</exception>
    public static IReadOnlyList<QueryLine> Read(FileInfo file)
    {
        List<QueryLine> queries = [];
        foreach (JsonField line in JsonFile.ReadLines(file.FullName, Format))
        {
            string[] images = [.. line["images"].OrNull?.Texts().Select(path => Locate(file, path)) ?? []];
            JsonField text = line["text"];
            queries.Add(new QueryLine(TextLines.IdOf(line["id"]) ?? $"{line.Line}", text.OrNull is null && images.Length > 0 ? null : text.Text(), images));
        }

        return queries.Count > 0
            ? queries
            : throw new InvalidDataException($"The query file '{file}' is empty; expected one {{\"text\": \"…\", \"images\": [\"path\"]}} per line.");
    }

    private static string Locate(FileInfo file, string path)
        => Path.Combine(file.DirectoryName ?? string.Empty, path) is var beside && File.Exists(beside) ? beside : path;
}
