using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Metrics;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>Turns ranks into the metrics of a data set's protocol.</summary>
internal sealed class ResultBuilder(EvaluationDataset dataset, int gallery, IReadOnlyList<EvaluationQuery> queries)
{
    private static readonly MeanAveragePrecisionAtK AspectMetric = new(10);
    private readonly IReadOnlyList<IRetrievalMetric> _metrics = RetrievalProtocol.MetricsOf(dataset.Name);

    public EvaluationResult Build(EvaluationSetting setting, IReadOnlyList<QueryRanks> ranks)
    {
        Dictionary<string, double> values = [];
        Dictionary<string, int> hits = [];
        foreach (IRetrievalMetric metric in _metrics)
        {
            double[] measured = metric.MeasureAll(ranks);
            values.Add(metric.Name, metric.Summarize(measured) * (metric.IsPercentage ? 100 : 1));
            if (metric is RecallAtK or SubsetRecallAtK)
            {
                hits.Add(metric.Name, (int)measured.Sum());
            }
        }

        return new EvaluationResult(dataset.Label, dataset.Category, queries.Count, gallery, setting, values, hits)
        {
            GalleryProtocol = dataset.GalleryProtocol,
            SemanticAveragePrecision = ByAspect(ranks),
            Ranks = ranks,
        };
    }

    private SortedDictionary<string, double> ByAspect(IReadOnlyList<QueryRanks> ranks)
    {
        SortedDictionary<string, double> values = new(StringComparer.Ordinal);
        foreach (string aspect in queries.SelectMany(query => query.SemanticAspects).Distinct())
        {
            QueryRanks[] chosen = [.. ranks.Where((_, query) => queries[query].SemanticAspects.Contains(aspect))];
            values.Add(aspect, ((IRetrievalMetric)AspectMetric).Summarize(AspectMetric.MeasureAll(chosen)) * 100);
        }

        return values;
    }
}
