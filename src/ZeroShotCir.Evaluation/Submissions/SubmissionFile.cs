using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Json;

namespace ZeroShotCir.Evaluation.Submissions;

/// <summary>Reads a submission back, to check it as the server would.</summary>
internal static class SubmissionFile
{
    /// <summary>Reads it; the server takes no more bytes than that.</summary>
    public static JsonField Read(string path, long maxBytes)
    {
        JsonFormat format = new("submission", (message, cause) => new InvalidDatasetException(message, cause))
        {
            MaxBytes = maxBytes,
            Remedy = $"The server takes a JSON object of at most {maxBytes} bytes.",
        };
        return JsonFile.Read(path, format).Object();
    }

    public static void CheckEntry<T>(string path, EvaluationQuery query, IReadOnlyList<T> items, int count)
    {
        if (items.Count != count || items.Distinct().Count() != count)
        {
            throw new InvalidDatasetException(
                $"The submission '{path}' lists {items.Count} images, {items.Distinct().Count()} of them different, for query {query.Id}; "
                + $"the server wants {count} different ones.");
        }
    }
}
