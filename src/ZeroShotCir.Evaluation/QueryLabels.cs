using System.Globalization;
using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Evaluation;

/// <summary>
/// What every query of a data set needs to be solved, over a pool of retrievers (CIRCUS, arXiv 2605.14787). Labels are the pool's: a
/// query is a shortcut because somebody in it took one, and required because somebody in it needed both halves.
/// </summary>
public sealed class QueryLabels
{
    private static readonly double[] DefaultBetas = [0, 0.1, 0.5];

    /// <summary>Takes labels that were given.</summary>
    /// <param name="labels">By the name of each query (<see cref="Datasets.EvaluationDataset.NameOf"/>), its label.</param>
    /// <param name="pool">The names of the retrievers that gave them, as <see cref="NameOf"/> writes them.</param>
    public QueryLabels(IReadOnlyDictionary<string, QueryLabel> labels, IReadOnlyList<string> pool)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(pool);
        Labels = labels;
        Pool = pool;
    }

    /// <summary>By the name of each query, its label.</summary>
    public IReadOnlyDictionary<string, QueryLabel> Labels { get; }

    /// <summary>The names of the retrievers that gave them.</summary>
    public IReadOnlyList<string> Pool { get; }

    /// <summary>The pool where nobody says: the weighted sum with β 0, 0.1 and 0.5, as far as there are captions.</summary>
    /// <param name="setting">The setting whose α, scoring and treatment of what is missing the pool has.</param>
    /// <param name="hasCaptions">Whether there are captions.</param>
    /// <returns>The settings.</returns>
    public static IReadOnlyList<EvaluationSetting> DefaultPool(EvaluationSetting setting, bool hasCaptions)
    {
        ArgumentNullException.ThrowIfNull(setting);
        return [.. (hasCaptions ? DefaultBetas : [0]).Select(beta => setting with { Fusion = CompositionStrategy.Weighted, Beta = beta })];
    }

    /// <summary>Labels queries by what a pool of retrievers finds with both halves, and with each alone at the same β.</summary>
    /// <param name="runners">The data set, or its categories.</param>
    /// <param name="pool">The retrievers; at least one.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The labels.</returns>
    /// <exception cref="ArgumentException">The pool is empty, or a retriever needs what the features do not hold.</exception>
    public static QueryLabels Measure(IReadOnlyList<EvaluationRunner> runners, IReadOnlyList<EvaluationSetting> pool, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runners);
        ArgumentNullException.ThrowIfNull(pool);
        if (pool.Count == 0)
        {
            throw new ArgumentException("A pool needs at least one retriever.", nameof(pool));
        }

        Dictionary<string, QueryLabel> labels = new(StringComparer.Ordinal);
        foreach (EvaluationRunner runner in runners)
        {
            bool[] both = Solved(runner, pool, cancellationToken);
            bool[] text = Solved(runner, [.. pool.Select(setting => Half(setting, 1))], cancellationToken);
            bool[] image = Solved(runner, [.. pool.Select(setting => Half(setting, 0))], cancellationToken);
            for (int query = 0; query < both.Length; query++)
            {
                labels[runner.Dataset.NameOf(runner.Queries[query])] = (text[query], image[query], both[query]) switch
                {
                    (true, true, _) => QueryLabel.BothShortcuts,
                    (true, _, _) => QueryLabel.TextShortcut,
                    (_, true, _) => QueryLabel.ImageShortcut,
                    (_, _, true) => QueryLabel.CompositionRequired,
                    _ => QueryLabel.Unresolved,
                };
            }
        }

        return new QueryLabels(labels, [.. runners.SelectMany(runner => pool.Select(setting => NameOf(runner.Source, setting))).Distinct()]);
    }

    /// <summary>What a retriever is called in a pool: where its embeddings came from, strategy, α, β and scoring.</summary>
    /// <param name="source">Where the embeddings came from.</param>
    /// <param name="setting">The setting.</param>
    public static string NameOf(string source, EvaluationSetting setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        string alpha = setting.Fusion.Definition.UsesAlpha ? string.Create(CultureInfo.InvariantCulture, $", alpha {setting.Alpha}") : "";
        string scoring = setting.Scoring == Scoring.PublishedCode ? ", published-code" : "";
        string raw = setting.NormalizeInputs ? "" : ", raw";
        return string.Create(CultureInfo.InvariantCulture, $"{setting.Fusion}{alpha}, beta {setting.Beta}{scoring}{raw}, {source}");
    }

    /// <summary>How many queries have a label.</summary>
    /// <param name="label">The label.</param>
    public int CountOf(QueryLabel label) => Labels.Values.Count(value => value == label);

    /// <summary>Keeps the queries of a filter.</summary>
    /// <param name="runner">The data set.</param>
    /// <param name="filter">Which queries are kept.</param>
    /// <param name="judged">The settings that will be measured by them.</param>
    /// <returns>The data set with these queries alone.</returns>
    /// <exception cref="ArgumentException">
    /// A query has no label, no query is kept, or a setting is to be judged by queries that it itself labeled as required: it solves them by definition.
    /// </exception>
    public EvaluationRunner Filter(EvaluationRunner runner, LabelFilter filter, IReadOnlyList<EvaluationSetting> judged)
    {
        ArgumentNullException.ThrowIfNull(runner);
        ArgumentNullException.ThrowIfNull(judged);
        if (filter == LabelFilter.CompositionRequired && judged.Select(setting => NameOf(runner.Source, setting)).FirstOrDefault(Pool.Contains) is { } own)
        {
            throw new ArgumentException(
                $"The retriever '{own}' is one of the pool whose labels say which queries require composition: "
                + "it would be judged by queries that it was chosen to solve. "
                + "Keep the shortcut-free queries instead, or take labels of another pool.", nameof(judged));
        }

        if (runner.Queries.Select(runner.Dataset.NameOf).FirstOrDefault(name => !Labels.ContainsKey(name)) is { } missing)
        {
            throw new ArgumentException($"The query '{missing}' has no label. Label the whole data set, or take the labels of this split.", nameof(runner));
        }

        return runner.Select(query => Keeps(filter, Labels[runner.Dataset.NameOf(query)]));
    }

    private static bool Keeps(LabelFilter filter, QueryLabel label)
        => label == QueryLabel.CompositionRequired || (filter == LabelFilter.ShortcutFree && label == QueryLabel.Unresolved);

    private static EvaluationSetting Half(EvaluationSetting setting, double alpha) => setting with { Fusion = CompositionStrategy.Weighted, Alpha = alpha };

    private static bool[] Solved(EvaluationRunner runner, IReadOnlyList<EvaluationSetting> settings, CancellationToken cancellationToken)
    {
        IReadOnlyList<EvaluationResult> results = runner.Evaluate(settings, null, cancellationToken);
        return [.. Enumerable.Range(0, runner.Queries.Count).Select(query => results.Any(result => CompositionGap.IsSolved(result.Ranks[query])))];
    }
}
