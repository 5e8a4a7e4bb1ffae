using System.Text.Json;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Json;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Evaluation.Submissions;

/// <summary>The two files that CIRR's test server takes: <c>recall</c> with 50 names per query and <c>recall_subset</c> with 3.</summary>
/// <remarks>The reference is in neither. Names are without extension. Each file may have 5 MB.</remarks>
public static class CirrSubmission
{
    /// <summary>How many images per query the recall file lists, and a ranking has to hold.</summary>
    public const int RecallDepth = 50;

    /// <summary>How many members per query the subset file lists.</summary>
    public const int SubsetDepth = 3;
    private const long MaxBytes = 5_000_000;

    /// <summary>Writes <c>recall.json</c> and <c>recall_subset.json</c> and checks them.</summary>
    /// <param name="folder">The folder; made where needed.</param>
    /// <param name="dataset">The split that was ranked.</param>
    /// <param name="galleryNames">The names of the images, by the ordinals of the hits: <see cref="EvaluationRunner.GalleryNames"/>.</param>
    /// <param name="rankings">Rankings, at least <see cref="RecallDepth"/> deep, of every query of the split.</param>
    /// <returns>Where the files are.</returns>
    /// <exception cref="InvalidDatasetException">What was written breaks a rule of the server, for instance because queries were left out.</exception>
    public static CirrSubmissionFiles Write(
        string folder, EvaluationDataset dataset, IReadOnlyList<string> galleryNames, IReadOnlyList<QueryRanking> rankings)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(galleryNames);
        ArgumentNullException.ThrowIfNull(rankings);
        Directory.CreateDirectory(folder);
        string recall = Path.Combine(folder, "recall.json");
        string subset = Path.Combine(folder, "recall_subset.json");
        Write(recall, "recall", rankings, ranking => ranking.Hits.Take(RecallDepth), galleryNames);
        Write(subset, "recall_subset", rankings, ranking => ranking.SubsetHits.Take(SubsetDepth), galleryNames);
        Validate(recall, dataset);
        Validate(subset, dataset);
        return new CirrSubmissionFiles(recall, subset);
    }

    /// <summary>Checks a file as the server would.</summary>
    /// <param name="path">A recall or subset file.</param>
    /// <param name="dataset">The split it is for.</param>
    /// <exception cref="InvalidDatasetException">It breaks a rule; the message says which, at which query.</exception>
    public static void Validate(string path, EvaluationDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        JsonField root = SubmissionFile.Read(path, MaxBytes);
        string? metric = Text(root, "metric");
        if (Text(root, "version") != "rc2" || metric is not ("recall" or "recall_subset"))
        {
            throw new InvalidDatasetException($"The submission '{path}' needs \"version\": \"rc2\" and \"metric\": \"recall\" or \"recall_subset\".");
        }

        HashSet<string> gallery = [.. dataset.Gallery.Select(image => image.Name)];
        foreach (EvaluationQuery query in dataset.Queries)
        {
            if (root[query.Id] is not { Kind: JsonValueKind.Array } list || list.Items().Any(item => item.Kind != JsonValueKind.String))
            {
                throw new InvalidDatasetException($"The submission '{path}' has no list of names for query {query.Id}; every query of {dataset.Label} needs one.");
            }

            IReadOnlyList<string> names = list.Texts();
            SubmissionFile.CheckEntry(path, query, names, metric == "recall" ? RecallDepth : Math.Min(SubsetDepth, query.Subset.Count));
            if (names.Contains(query.Reference))
            {
                throw new InvalidDatasetException($"The submission '{path}' lists the reference '{query.Reference}' for query {query.Id}; it has to be taken out.");
            }

            if (names.FirstOrDefault(name => metric == "recall" ? !gallery.Contains(name) : !query.Subset.Contains(name)) is { } foreign)
            {
                throw new InvalidDatasetException($"The submission '{path}' lists '{foreign}' for query {query.Id}, which it cannot retrieve.");
            }
        }

        int keys = root.Members().Count();
        if (keys != dataset.Queries.Count + 2)
        {
            throw new InvalidDatasetException($"The submission '{path}' has {keys - 2} queries, {dataset.Label} has {dataset.Queries.Count}.");
        }
    }

    private static string? Text(JsonField root, string name) => root[name] is { Kind: JsonValueKind.String } value ? value.Text() : null;

    private static void Write(
        string path, string metric, IReadOnlyList<QueryRanking> rankings, Func<QueryRanking, IEnumerable<SearchHit>> hits, IReadOnlyList<string> names)
    {
        using FileStream stream = File.Create(path);
        using Utf8JsonWriter json = new(stream);
        json.WriteStartObject();
        foreach (QueryRanking ranking in rankings.OrderBy(ranking => ranking.Query.Id, StringComparer.Ordinal))
        {
            json.WriteStartArray(ranking.Query.Id);
            foreach (SearchHit hit in hits(ranking))
            {
                json.WriteStringValue(names[hit.Ordinal]);
            }

            json.WriteEndArray();
        }

        json.WriteString("metric", metric);
        json.WriteString("version", "rc2");
        json.WriteEndObject();
    }
}
