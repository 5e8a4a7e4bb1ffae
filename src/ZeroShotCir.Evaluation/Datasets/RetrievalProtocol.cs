using ZeroShotCir.Metrics;

namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>The metrics that a data set is reported with.</summary>
/// <remarks>R@1, R@5, R@10 and R@50 are there for every data set, beside the published cut-offs.</remarks>
public static class RetrievalProtocol
{
    private static readonly MeanReciprocalRank ReciprocalRank = new();
    private static readonly MedianRank Median = new();
    private static readonly int[] PatternCutoffs = [5, 10, 15, 20];

    /// <summary>The metrics of a data set, in the order of published tables.</summary>
    /// <param name="dataset">The name of the data set.</param>
    /// <returns>The metrics; every one is defined for the data set's queries.</returns>
    public static IReadOnlyList<IRetrievalMetric> MetricsOf(string dataset) => dataset switch
    {
        "cirr" => [.. Recalls(1, 2, 5, 10, 50), .. ((int[])[1, 2, 3]).Select(k => new SubsetRecallAtK(k)), ReciprocalRank, Median],
        "circo" => [.. ((int[])[5, 10, 25, 50]).Select(k => new MeanAveragePrecisionAtK(k)), .. Recalls(1, 5, 10, 25, 50), ReciprocalRank, Median],
        "genecis" => [.. Recalls(1, 2, 3, 5, 10, 50), ReciprocalRank, Median],
        "icir" => [new TrapezoidalAveragePrecision(), .. ((int[])[1, 5, 10, 50]).Select(k => new AnyRecallAtK(k))],
        "patterncom" => [new AveragePrecision(), .. PatternCutoffs.Select(k => new PrecisionAtK(k)), .. ((int[])[1, .. PatternCutoffs, 50]).Select(k => new AnswerRecallAtK(k))],
        "mbeir" or "circled" => [.. ((int[])[1, 5, 10, 50]).Select(k => new AnyRecallAtK(k)), ReciprocalRank, Median],
        "queries" => [new MeanAveragePrecisionAtK(10), .. ((int[])[1, 5, 10, 50]).Select(k => new AnyRecallAtK(k)), ReciprocalRank, Median],
        _ => [.. Recalls(1, 5, 10, 50), ReciprocalRank, Median],
    };

    private static IEnumerable<IRetrievalMetric> Recalls(params int[] cutoffs) => cutoffs.Select(k => new RecallAtK(k));
}
