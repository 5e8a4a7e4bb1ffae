using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>Finds the images of a data set among the features, and says what is missing.</summary>
internal sealed class QueryResolver
{
    private readonly EvaluationDataset _dataset;
    private readonly Dictionary<string, int> _ordinals = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, int> _featureRows;

    public QueryResolver(EvaluationDataset dataset, EvaluationFeatures features, bool allowMissing)
    {
        _dataset = dataset;
        _featureRows = features.Rows;

        // CIRCO's index of images may be absent; then the features say what the gallery is.
        IReadOnlyList<string> names = dataset.Gallery.Count > 0 && dataset.Name != "circo" ? [.. dataset.Gallery.Select(image => image.Name)] : features.GalleryNames;
        GalleryAnnotated = dataset.Gallery.Count > 0 ? dataset.Gallery.Count : features.GalleryNames.Count;
        List<int> rows = [];
        List<string> missing = [];
        foreach (string name in names)
        {
            if (_featureRows.TryGetValue(name, out int row))
            {
                _ordinals.Add(name, rows.Count);
                rows.Add(row);
            }
            else
            {
                missing.Add(name);
            }
        }

        Rows = rows;
        List<ResolvedQuery> queries = [];
        for (int position = 0; position < dataset.Queries.Count; position++)
        {
            if (Resolve(dataset.Queries[position], position, missing) is { } query)
            {
                queries.Add(query);
            }
        }

        Queries = queries;
        if (missing.Count > 0 && !allowMissing)
        {
            throw new InvalidDatasetException(
                $"{dataset.Label} lacks {missing.Count} images that were not encoded, the first '{missing[0]}'. "
                + "Complete the images, or allow missing ones; then figures do not compare with published ones.");
        }

        if (queries.Count == 0)
        {
            throw new InvalidDatasetException($"Of the queries of {dataset.Label}, none has both its reference and its target. Check the folder of images.");
        }
    }

    public IReadOnlyList<int> Rows { get; }

    public IReadOnlyList<ResolvedQuery> Queries { get; }

    public int GalleryAnnotated { get; }

    private ResolvedQuery? Resolve(EvaluationQuery query, int position, List<string> missing)
    {
        bool hasReference = _featureRows.TryGetValue(query.Reference, out int reference);
        int target = -1;
        bool hasTarget = query.Target is null || _ordinals.TryGetValue(query.Target, out target);
        if (!hasReference || !hasTarget)
        {
            string absent = hasReference ? query.Target! : query.Reference;
            if (_dataset.Gallery.All(image => image.Name != absent))
            {
                missing.Add(absent);
            }

            return null;
        }

        return new ResolvedQuery(
            position,
            reference,
            _ordinals.GetValueOrDefault(query.Reference, -1),
            target,
            Present(query.GroundTruths),
            Present(query.Subset),
            Present(query.Candidates));
    }

    private int[] Present(IReadOnlyList<string> names) => [.. names.Where(_ordinals.ContainsKey).Select(name => _ordinals[name])];
}
