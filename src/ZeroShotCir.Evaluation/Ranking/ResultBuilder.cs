using System.Numerics.Tensors;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Metrics;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>Turns ranks into the metrics of a data set's protocol. Used over and over by one thread.</summary>
internal sealed class ResultBuilder(EvaluationDataset dataset, int gallery, IReadOnlyList<EvaluationQuery> queries)
{
    private static readonly MeanAveragePrecisionAtK AspectMetric = new(10);
    private readonly IReadOnlyList<IRetrievalMetric> _metrics = RetrievalProtocol.MetricsOf(dataset.Name);
    private readonly QueryRanks[] _ranks = new QueryRanks[queries.Count];
    private readonly double[] _measured = new double[queries.Count];
    private readonly string[] _aspects = [.. queries.SelectMany(query => query.SemanticAspects).Distinct()];

    public EvaluationResult Build(EvaluationSetting setting, IReadOnlyList<QueryRanks> ranks)
    {
        Dictionary<string, double> values = [];
        Dictionary<string, int> hits = [];
        for (int query = 0; query < _ranks.Length; query++)
        {
            _ranks[query] = ranks[query];
        }

        foreach (IRetrievalMetric metric in _metrics)
        {
            Span<double> measured = _measured;
            metric.MeasureAll(_ranks, measured);
            values.Add(metric.Name, metric.Summarize(measured) * (metric.IsPercentage ? 100 : 1));
            AddGroups(metric, measured, values);
            if (metric is RecallAtK or SubsetRecallAtK or AnyRecallAtK)
            {
                hits.Add(metric.Name, (int)TensorPrimitives.Sum<double>(measured));
            }
        }

        return new EvaluationResult(dataset.Label, dataset.Category, queries.Count, gallery, setting, values, hits)
        {
            GalleryProtocol = dataset.GalleryProtocol,
            SemanticAveragePrecision = ByAspect(ranks),
            Ranks = ranks,
        };
    }

    // i-CIR: the mean over instances of the mean of their queries, and of the worst of them.
    private void AddGroups(IRetrievalMetric metric, ReadOnlySpan<double> measured, Dictionary<string, double> values)
    {
        if (metric is not (AveragePrecision or TrapezoidalAveragePrecision) || queries.All(query => query.Group is null))
        {
            return;
        }

        double[][] groups = [.. measured.ToArray().Index().GroupBy(value => queries[value.Index].Group).Select(group => group.Select(value => value.Item).ToArray())];
        values.Add("mmAP", groups.Average(group => group.Average()) * 100);
        values.Add("minmAP", groups.Average(group => group.Min()) * 100);
    }

    private SortedDictionary<string, double> ByAspect(IReadOnlyList<QueryRanks> ranks)
    {
        SortedDictionary<string, double> values = new(StringComparer.Ordinal);
        foreach (string aspect in _aspects)
        {
            QueryRanks[] chosen = [.. ranks.Where((_, query) => queries[query].SemanticAspects.Contains(aspect))];
            values.Add(aspect, ((IRetrievalMetric)AspectMetric).Summarize(AspectMetric.MeasureAll(chosen)) * 100);
        }

        return values;
    }
}
