using System.Text.Json;
using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Evaluation.Submissions;

/// <summary>Reads a submission back, to check it as the server would.</summary>
internal static class SubmissionFile
{
    public static JsonElement Read(string path, long maxBytes)
    {
        try
        {
            FileInfo file = new(path);
            if (file.Length > maxBytes)
            {
                throw new InvalidDatasetException($"The submission '{path}' has {file.Length} bytes; the server takes at most {maxBytes}.");
            }

            using FileStream stream = file.OpenRead();
            using JsonDocument document = JsonDocument.Parse(stream);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new InvalidDatasetException($"The submission '{path}' is not a JSON object.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDatasetException($"The submission '{path}' cannot be read: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new InvalidDatasetException($"The submission '{path}' is not valid JSON: {e.Message}", e);
        }
    }

    public static void CheckEntry<T>(string path, EvaluationQuery query, IReadOnlyList<T> items, int count)
    {
        if (items.Count != count || items.Distinct().Count() != count)
        {
            throw new InvalidDatasetException(
                $"The submission '{path}' lists {items.Count} images, {items.Distinct().Count()} of them different, for query {query.Id}; the server wants {count} different ones.");
        }
    }
}
