using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Reporting;
using ZeroShotCir.Evaluation.Results;

namespace ZeroShotCir.Evaluation;

/// <summary>Takes queries to look at, evenly spread over each category.</summary>
internal static class QuerySample
{
    private const int ShownHits = 10;

    public static QueryBrowser Create(IReadOnlyList<MeasuredSettings> measured, int perCategory, Thumbnails thumbnails, CancellationToken cancellationToken)
    {
        List<BrowsedQuery> queries = [];
        foreach (MeasuredSettings one in measured)
        {
            for (int category = 0; category < one.Runners.Count; category++)
            {
                queries.AddRange(Draw(one, category, perCategory, thumbnails, cancellationToken));
            }
        }

        int total = measured.Sum(one => one.ResultsOf(0).Sum(result => result.Queries));
        return new QueryBrowser([.. measured[0].Settings.Select(setting => setting.Name)], queries, total, thumbnails.Pictures);
    }

    private static IEnumerable<BrowsedQuery> Draw(MeasuredSettings measured, int category, int count, Thumbnails thumbnails, CancellationToken cancellationToken)
    {
        EvaluationRunner runner = measured.Runners[category];
        // References need not be in the gallery, and some galleries list a picture twice.
        Dictionary<string, GalleryImage> images = runner.Dataset.Images.DistinctBy(image => image.Name).ToDictionary(image => image.Name, StringComparer.Ordinal);
        IReadOnlyList<QueryRanking>[] rankings = [.. measured.Settings.Select(setting => runner.Rank(setting.Setting, ShownHits, cancellationToken))];
        int shown = Math.Min(count, rankings[0].Count);
        for (int i = 0; i < shown; i++)
        {
            int position = (int)((long)i * rankings[0].Count / shown);
            EvaluationQuery query = rankings[0][position].Query;
            yield return new BrowsedQuery(
                measured.Categories[category] is { } name ? $"{measured.Title}, {name}" : measured.Title,
                Pictured(query.Reference),
                string.Join(" and ", query.Captions),
                [.. ((string?[])[query.Target, .. query.GroundTruths]).OfType<string>().Distinct().Select(Pictured)],
                [.. rankings.Select((list, setting) => new BrowsedRanking(
                    measured.ResultsOf(setting)[category].Ranks[position].Target,
                    [.. list[position].Hits.Select(hit => Pictured(runner.GalleryNames[hit.Ordinal]))]))]);
        }

        GalleryImage Pictured(string name)
        {
            GalleryImage image = images.GetValueOrDefault(name) ?? new GalleryImage(name, name);
            thumbnails.Add(image);
            return image;
        }
    }
}
