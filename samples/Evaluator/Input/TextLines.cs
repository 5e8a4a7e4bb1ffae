using System.Text.Json;

namespace ZeroShotCir.Evaluator.Input;

/// <summary>Reads texts from JSON Lines: one object with a <c>text</c>, and perhaps an <c>id</c>, per line.</summary>
internal static class TextLines
{
    /// <summary>The texts in file order; a line without an id has its number, counted from 1.</summary>
    /// <exception cref="InvalidDataException">The file is missing, empty, or a line is not such an object.</exception>
    public static IReadOnlyList<(string Id, string Text)> Read(FileInfo file)
    {
        if (!file.Exists)
        {
            throw new InvalidDataException($"The text file '{file}' does not exist. Check the path.");
        }

        List<(string Id, string Text)> texts = [];
        int number = 0;
        foreach (string line in File.ReadLines(file.FullName))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                texts.Add(Parse(line, number, file));
            }
        }

        return texts.Count > 0
            ? texts
            : throw new InvalidDataException($"The text file '{file}' is empty; expected one {{\"text\": \"…\"}} per line.");
    }

    private static (string Id, string Text) Parse(string line, int number, FileInfo file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("text", out JsonElement text) && text.ValueKind == JsonValueKind.String)
            {
                bool hasId = root.TryGetProperty("id", out JsonElement id) && id.ValueKind is JsonValueKind.String or JsonValueKind.Number;
                return (hasId ? id.ToString() : $"{number}", text.GetString()!);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"Line {number} of '{file}' is not JSON: {e.Message}", e);
        }

        throw new InvalidDataException($"Line {number} of '{file}' has no text; expected {{\"text\": \"…\"}}.");
    }
}
