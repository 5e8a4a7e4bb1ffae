using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Evaluation;

/// <summary>
/// What hard negatives and other wordings do to a retriever, in the manner of PinPoint: how many of the first ten are false on purpose, what
/// average precision would be without them, and how far it swings between wordings of one query.
/// </summary>
/// <remarks>
/// AP@10 is <c>Σ precision at the hits / min(answers, 10)</c>. PinPoint's files and code were not found; these are readings of its text, and each
/// that differs is given under its own name. What is taken out of a ranking is taken out after statistics over the gallery.
/// </remarks>
public sealed class RobustnessMeasures
{
    private const int Depth = 10;

    private RobustnessMeasures(double[][] precisions, double[] withoutNegatives, int[] negativesFound, int[] negatives)
    {
        AveragePrecisions = precisions;
        MeanAveragePrecisions = [.. Enumerable.Range(0, precisions[0].Length).Select(wording => 100 * precisions.Average(query => query[wording]))];
        MeanAveragePrecisionWithoutNegatives = 100 * withoutNegatives.Average();
        SensitivityPerQuery = precisions.Average(query => query.Max() - query.Min());
        QueriesWithNegativeFound = negativesFound.Count(found => found > 0);
        NegativeRecallOfTen = negativesFound.Average(found => (double)found / Depth);
        int[] some = [.. Enumerable.Range(0, negatives.Length).Where(query => negatives[query] > 0)];
        if (some.Length > 0)
        {
            NegativeRecallOfNegatives = some.Average(query => (double)negativesFound[query] / negatives[query]);
            NegativeRecallOfPossible = some.Average(query => (double)negativesFound[query] / Math.Min(negatives[query], Depth));
        }
    }

    /// <summary>AP@10 in [0, 1] by query and wording, the annotated text first.</summary>
    public IReadOnlyList<IReadOnlyList<double>> AveragePrecisions { get; }

    /// <summary>mAP@10 in percent by wording, the annotated text first.</summary>
    public IReadOnlyList<double> MeanAveragePrecisions { get; }

    /// <summary>mAP@10 in percent with the annotated text.</summary>
    public double MeanAveragePrecision => MeanAveragePrecisions[0];

    /// <summary>The same with each query's hard negatives taken out of its ranking.</summary>
    public double MeanAveragePrecisionWithoutNegatives { get; }

    /// <summary>ΔmAP@10: what hard negatives cost, in points.</summary>
    public double NegativeCost => MeanAveragePrecisionWithoutNegatives - MeanAveragePrecision;

    /// <summary>ΔmAP@10 as a share of mAP@10 without negatives, in percent; 0 where that is 0.</summary>
    public double RelativeNegativeCost => MeanAveragePrecisionWithoutNegatives == 0 ? 0 : 100 * NegativeCost / MeanAveragePrecisionWithoutNegatives;

    /// <summary>The hard negatives among the first ten, divided by ten: the headline.</summary>
    public double NegativeRecallOfTen { get; }

    /// <summary>The hard negatives among the first ten, divided by their number, over queries that have any; <see langword="null"/> without such queries.</summary>
    public double? NegativeRecallOfNegatives { get; }

    /// <summary>
    /// The hard negatives among the first ten, divided by the lesser of their number and ten, over queries that have any;
    /// <see langword="null"/> without such queries.
    /// </summary>
    public double? NegativeRecallOfPossible { get; }

    /// <summary>How many queries had a hard negative among the first ten.</summary>
    public int QueriesWithNegativeFound { get; }

    /// <summary>The mean over queries of the greatest less the least AP@10 of its wordings, in [0, 1]: the paraphrase sensitivity.</summary>
    public double SensitivityPerQuery { get; }

    /// <summary>The greatest less the least mAP@10 over wordings, in [0, 1].</summary>
    public double SensitivityOfMean => (MeanAveragePrecisions.Max() - MeanAveragePrecisions.Min()) / 100;

    /// <summary>Measures a setting.</summary>
    /// <param name="wordings">
    /// One runner for each wording, all of the same queries and gallery: <see cref="WithWording"/> makes their data sets. The first has the annotated texts.
    /// </param>
    /// <param name="setting">The setting.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The measures.</returns>
    /// <exception cref="ArgumentException">There is no runner, or they are not of the same queries and gallery.</exception>
    public static RobustnessMeasures Measure(IReadOnlyList<EvaluationRunner> wordings, EvaluationSetting setting, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(wordings);
        ArgumentNullException.ThrowIfNull(setting);
        if (wordings.Count == 0 || wordings.Any(runner => !runner.GalleryNames.SequenceEqual(wordings[0].GalleryNames)))
        {
            throw new ArgumentException("Expected a runner for each wording, all of one gallery.", nameof(wordings));
        }

        int most = wordings[0].Dataset.Queries.Max(query => query.Negatives.Count);
        IReadOnlyList<QueryRanking>[] rankings = [.. wordings.Select(runner => runner.Rank(setting, Depth + most, cancellationToken))];
        string[] ids = [.. rankings[0].Select(ranking => ranking.Query.Id)];
        if (rankings.FirstOrDefault(other => !other.Select(ranking => ranking.Query.Id).SequenceEqual(ids)) is not null)
        {
            throw new ArgumentException("The wordings are not of the same queries.", nameof(wordings));
        }

        IReadOnlyList<string> names = wordings[0].GalleryNames;
        double[][] precisions = new double[ids.Length][];
        double[] withoutNegatives = new double[ids.Length];
        int[] found = new int[ids.Length];
        for (int query = 0; query < ids.Length; query++)
        {
            EvaluationQuery asked = rankings[0][query].Query;
            string[] first = Names(rankings[0][query]);
            precisions[query] = [.. rankings.Select(ranking => Precision(asked, Names(ranking[query])))];
            withoutNegatives[query] = Precision(asked, [.. first.Where(name => !asked.Negatives.Contains(name))]);
            found[query] = first.Take(Depth).Count(asked.Negatives.Contains);
        }

        return new RobustnessMeasures(precisions, withoutNegatives, found, [.. rankings[0].Select(ranking => ranking.Query.Negatives.Count)]);

        string[] Names(QueryRanking ranking) => [.. ranking.Hits.Select((SearchHit hit) => names[hit.Ordinal])];
    }

    /// <summary>A data set in another wording.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="wording">Which, from 1; queries with fewer paraphrases keep their text. 0 is the annotated text.</param>
    /// <returns>The data set, whose texts have to be encoded anew.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="wording"/> is negative.</exception>
    public static EvaluationDataset WithWording(EvaluationDataset dataset, int wording)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfNegative(wording);
        return wording == 0 ? dataset : dataset with
        {
            Queries = [.. dataset.Queries.Select(query => query.Paraphrases.Count < wording ? query : query with { Captions = [query.Paraphrases[wording - 1]] })],
        };
    }

    private static double Precision(EvaluationQuery query, string[] ranking)
    {
        HashSet<string> answers = [.. query.GroundTruths.Count > 0 ? query.GroundTruths : query.Target is { } target ? [target] : []];
        int hits = 0;
        double sum = 0;
        for (int rank = 1; rank <= Math.Min(Depth, ranking.Length); rank++)
        {
            if (answers.Contains(ranking[rank - 1]))
            {
                hits++;
                sum += (double)hits / rank;
            }
        }

        return answers.Count == 0 ? 0 : sum / Math.Min(answers.Count, Depth);
    }
}
