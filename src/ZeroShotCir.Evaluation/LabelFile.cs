using System.Text.Json;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Json;

namespace ZeroShotCir.Evaluation;

/// <summary>Labels of queries in a JSON file: <c>{"pool": [name…], "labels": {query: "composition-required"|"text"|"image"|"both"|"unresolved"}}</c>.</summary>
public static class LabelFile
{
    private static readonly (QueryLabel Label, string Word)[] Words =
    [
        (QueryLabel.CompositionRequired, "composition-required"), (QueryLabel.TextShortcut, "text"), (QueryLabel.ImageShortcut, "image"),
        (QueryLabel.BothShortcuts, "both"), (QueryLabel.Unresolved, "unresolved"),
    ];

    /// <summary>A label as files and results write it.</summary>
    /// <param name="label">The label.</param>
    internal static string WordOf(QueryLabel label) => Words.First(pair => pair.Label == label).Word;

    /// <summary>Reads labels.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The labels.</returns>
    /// <exception cref="InvalidDatasetException">The file is no such file; the message says where.</exception>
    public static QueryLabels Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        JsonField root = AnnotationFile.Read(path, "Give the file that '--save-labels' wrote.");
        string[] pool = [.. root["pool"].Items().Select(name => name.Text("the name of a retriever"))];
        Dictionary<string, QueryLabel> labels = new(StringComparer.Ordinal);
        foreach (JsonField label in root["labels"].Members())
        {
            string word = label.Text("a label");
            int known = Array.FindIndex(Words, pair => pair.Word == word);
            labels[label.Name] = known >= 0 ? Words[known].Label : throw label.Unexpected($"one of {string.Join(", ", Words.Select(pair => pair.Word))}");
        }

        return new QueryLabels(labels, pool);
    }

    /// <summary>Writes labels.</summary>
    /// <param name="path">The file; replaced if it is there.</param>
    /// <param name="labels">The labels.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, QueryLabels labels)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(labels);
        using FileStream stream = new(path, FileMode.Create);
        using Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteStartArray("pool");
        foreach (string name in labels.Pool)
        {
            writer.WriteStringValue(name);
        }

        writer.WriteEndArray();
        writer.WriteStartObject("labels");
        foreach ((string query, QueryLabel label) in labels.Labels)
        {
            writer.WriteString(query, WordOf(label));
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
