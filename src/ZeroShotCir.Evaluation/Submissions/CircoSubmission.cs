using System.Globalization;
using System.Text.Json;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Json;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Evaluation.Submissions;

/// <summary>The file that CIRCO's server takes: for every query id, counted from 0, the COCO ids of the best 50 images.</summary>
public static class CircoSubmission
{
    /// <summary>How many images per query are listed, and a ranking has to hold.</summary>
    public const int Depth = 50;
    private const long MaxBytes = 50_000_000;

    /// <summary>Writes the file and checks it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dataset">The split that was ranked.</param>
    /// <param name="galleryNames">The names of the images, by the ordinals of the hits: <see cref="EvaluationRunner.GalleryNames"/>.</param>
    /// <param name="rankings">Rankings, at least <see cref="Depth"/> deep, of every query of the split.</param>
    /// <exception cref="InvalidDatasetException">What was written breaks a rule of the server, for instance because queries were left out.</exception>
    public static void Write(string path, EvaluationDataset dataset, IReadOnlyList<string> galleryNames, IReadOnlyList<QueryRanking> rankings)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(galleryNames);
        ArgumentNullException.ThrowIfNull(rankings);
        using (FileStream stream = File.Create(path))
        {
            using Utf8JsonWriter json = new(stream);
            json.WriteStartObject();
            foreach (QueryRanking ranking in rankings)
            {
                json.WriteStartArray(ranking.Query.Id);
                foreach (SearchHit hit in ranking.Hits.Take(Depth))
                {
                    string name = galleryNames[hit.Ordinal];
                    json.WriteNumberValue(long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long id)
                        ? id
                        : throw new InvalidDatasetException($"The image '{name}' has no COCO id for a name, as CIRCO's server wants it; give the official index of images."));
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        Validate(path, dataset);
    }

    /// <summary>Checks a file as the server would.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dataset">The split it is for.</param>
    /// <exception cref="InvalidDatasetException">It breaks a rule; the message says which, at which query.</exception>
    public static void Validate(string path, EvaluationDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        JsonField root = SubmissionFile.Read(path, MaxBytes);
        for (int position = 0; position < dataset.Queries.Count; position++)
        {
            // The server counts from 0, and so do the official ids.
            EvaluationQuery query = dataset.Queries[position];
            if (query.Id != position.ToString(CultureInfo.InvariantCulture) || root[query.Id] is not { Kind: JsonValueKind.Array } list
                || list.Items().Any(item => item.Kind != JsonValueKind.Number || !item.Element.TryGetInt64(out _)))
            {
                throw new InvalidDatasetException(
                    $"The submission '{path}' has no list of image ids for query {position}; every query of {dataset.Label} needs one, counted from 0.");
            }

            SubmissionFile.CheckEntry(path, query, [.. list.Items().Select(item => item.Int64())], Depth);
        }

        int keys = root.Members().Count();
        if (keys != dataset.Queries.Count)
        {
            throw new InvalidDatasetException($"The submission '{path}' has {keys} queries, {dataset.Label} has {dataset.Queries.Count}.");
        }
    }
}
