using System.Text.Json;
using System.Text.Json.Serialization;

namespace ZeroShotCir.Evaluation.Results;

/// <summary>The published results that come with the library: training-free methods, and supervised ones marked as such.</summary>
public static partial class PublishedResults
{
    private static readonly Lazy<IReadOnlyList<PublishedResult>> All = new(Read);

    /// <summary>Every result.</summary>
    public static IReadOnlyList<PublishedResult> Results => All.Value;

    /// <summary>The results on one data set.</summary>
    /// <param name="dataset">The name of the data set.</param>
    /// <returns>Those that report it, in the order of the file.</returns>
    public static IReadOnlyList<PublishedResult> ForDataset(string dataset) => [.. Results.Where(result => result.Metrics.ContainsKey(dataset))];

    private static IReadOnlyList<PublishedResult> Read()
    {
        using Stream stream = typeof(PublishedResults).Assembly.GetManifestResourceStream("baselines.json")!;
        BaselinesFile file = JsonSerializer.Deserialize(stream, BaselinesJson.Default.BaselinesFile)!;
        return [.. file.Rows.Select(row => new PublishedResult(row.Method, row.Backbone, row.Citation, row.Source, row.Metrics)
        {
            Supervised = row.Supervised,
            Transcribed = row.Transcribed,
            Unverified = row.Unverified,
            Note = row.Note,
        })];
    }

    internal sealed record BaselinesFile(IReadOnlyList<BaselinesRow> Rows);

    internal sealed record BaselinesRow(
        string Method,
        string Backbone,
        string Citation,
        string Source,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Metrics,
        bool Supervised = false,
        bool Transcribed = false,
        bool Unverified = false,
        string? Note = null);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(BaselinesFile))]
    internal sealed partial class BaselinesJson : JsonSerializerContext;
}
