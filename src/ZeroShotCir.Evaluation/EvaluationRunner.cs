using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Ranking;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Metrics;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Evaluation;

/// <summary>Evaluates any number of settings on one encoded data set.</summary>
/// <remarks>
/// Nothing is sorted: the rank of a target is one more than the number of items that beat it. Settings that differ in α, β, or the
/// weights of a linear fusion share their matrix products, so a whole sweep costs little more than one setting. Results do not depend
/// on the number of threads. Serves concurrent callers.
/// </remarks>
public sealed class EvaluationRunner
{
    private readonly EvaluationFeatures _features;
    private readonly EvaluationOptions _options;
    private readonly IReadOnlyList<int> _rows;
    private readonly IReadOnlyList<ResolvedQuery> _queries;
    private readonly Dictionary<SpaceKey, RankingSpace> _spaces = [];

    /// <summary>Joins annotations and features.</summary>
    /// <param name="dataset">The annotations.</param>
    /// <param name="features">The features of their images and texts.</param>
    /// <param name="options">How to run; <see langword="null"/> for the defaults.</param>
    /// <exception cref="InvalidDatasetException">
    /// The features do not have a text per query, or they lack images and <see cref="EvaluationOptions.AllowMissing"/> is off.
    /// </exception>
    public EvaluationRunner(EvaluationDataset dataset, EvaluationFeatures features, EvaluationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(features);
        if (features.Texts.Rows != dataset.Queries.Count)
        {
            throw new InvalidDatasetException(
                $"The features '{features.Source}' hold {features.Texts.Rows} texts, {dataset.Label} has {dataset.Queries.Count} queries. Encode the data set again.");
        }

        Dataset = dataset;
        _options = options is null ? new EvaluationOptions() : new EvaluationOptions(options);
        features = _options.Projection is { } projection ? features.WithProjection(projection) : features;
        _features = features;
        QueryResolver resolver = new(dataset, features, _options.AllowMissing);
        _rows = resolver.Rows;
        _queries = resolver.Queries;
        GalleryNames = [.. _rows.Select(row => features.GalleryNames[row])];
        HashSet<int> withoutCaptions = [.. features.WithoutCaptions];
        int captioned = features.Captions.Count == 0 ? 0 : _rows.Count(row => !withoutCaptions.Contains(row));
        Coverage = new DatasetCoverage(_rows.Count, resolver.GalleryAnnotated, _queries.Count, dataset.Queries.Count, captioned);
    }

    private EvaluationRunner(EvaluationRunner whole, IReadOnlyList<ResolvedQuery> queries)
    {
        Dataset = whole.Dataset;
        _features = whole._features;
        _options = whole._options;
        _rows = whole._rows;
        _queries = queries;
        GalleryNames = whole.GalleryNames;
        Coverage = new DatasetCoverage(whole.Coverage.Gallery, whole.Coverage.GalleryAnnotated, queries.Count, queries.Count, whole.Coverage.Captioned);
    }

    /// <summary>The annotations.</summary>
    public EvaluationDataset Dataset { get; }

    /// <summary>Where the embeddings came from: a model's identity or the path of a features folder.</summary>
    public string Source => _features.Source;

    /// <summary>The queries that are evaluated, in the order of the annotation file; results have their ranks in this order.</summary>
    public IReadOnlyList<EvaluationQuery> Queries => field ??= [.. _queries.Select(query => Dataset.Queries[query.Position])];

    /// <summary>The names of the ranked images; a position is an ordinal.</summary>
    public IReadOnlyList<string> GalleryNames { get; }

    /// <summary>How much of the data set is evaluated.</summary>
    public DatasetCoverage Coverage { get; }

    /// <summary>What a setting's strategy needs that the features do not hold, in words, such as descriptions of the targets.</summary>
    /// <param name="setting">The setting.</param>
    /// <returns><see langword="null"/> where it can be measured.</returns>
    /// <remarks>
    /// A strategy that may do without each kind of its evidence, such as <c>soft</c>, is said to need it where there is none of any: it would
    /// rank as another one does.
    /// </remarks>
    public string? NeedsOf(EvaluationSetting setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        return EvidenceNeeds.Explain(setting, _features);
    }

    /// <summary>The same evaluation of some of the queries.</summary>
    /// <param name="predicate">Whether a query is evaluated.</param>
    /// <returns>The evaluation; the gallery stays as it is.</returns>
    /// <exception cref="ArgumentException">No query is left.</exception>
    public EvaluationRunner Select(Func<EvaluationQuery, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        ResolvedQuery[] kept = [.. _queries.Where(query => predicate(Dataset.Queries[query.Position]))];
        return kept.Length > 0
            ? new EvaluationRunner(this, kept)
            : throw new ArgumentException($"None of the {_queries.Count} queries of {Dataset.Label} is left.", nameof(predicate));
    }

    /// <summary>Evaluates one setting.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The result.</returns>
    /// <exception cref="InvalidDatasetException">The split has no published targets.</exception>
    /// <exception cref="ArgumentException">The setting needs captions that the features do not hold.</exception>
    public EvaluationResult Evaluate(EvaluationSetting setting, CancellationToken cancellationToken = default)
        => Evaluate([setting], null, cancellationToken)[0];

    /// <summary>Evaluates settings, such as the points of a sweep, sharing whatever can be shared.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="progress">Told the share of the work that is done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>One result per setting, in their order.</returns>
    /// <exception cref="InvalidDatasetException">The split has no published targets.</exception>
    /// <exception cref="ArgumentException">A setting needs captions or descriptions that the features do not hold.</exception>
    /// <exception cref="Embeddings.InvalidEmbeddingException">A query has no direction; the message says which.</exception>
    public IReadOnlyList<EvaluationResult> Evaluate(
        IReadOnlyList<EvaluationSetting> settings, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (!Dataset.HasTargets)
        {
            throw new InvalidDatasetException(
                $"The targets of {Dataset.Label} are not published, so it cannot be measured here. Write a submission for its server, or evaluate the split 'val'.");
        }

        RankTable table = new(settings.Count, _queries);
        ForEachScore(
            settings,
            (query, scores) => table.Record(query, scores, Dataset.ExcludesReference ? _queries[query].Reference : -1),
            progress,
            cancellationToken);
        ResultBuilder builder = Builder();
        return [.. settings.Select((setting, position) => builder.Build(setting, table.RanksOf(position)))];
    }

    /// <summary>Evaluates a setting after the first images of every ranking were put into another order, such as by a verifier.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="depth">How many images of a ranking are put into another order, at least 1; fewer where the gallery is smaller.</param>
    /// <param name="rerank">
    /// Gives for each new place the position, from 0, that its image has among <see cref="QueryRanking.Hits"/>; asked query by query, in
    /// the order of the annotation file.
    /// </param>
    /// <param name="progress">Told how many queries are done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The result. Members of a subset that are not among the first images stay behind those that are.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="depth"/> is less than 1.</exception>
    /// <exception cref="ArgumentException">The setting needs captions that the features do not hold, or a new order does not have every position once.</exception>
    /// <exception cref="InvalidDatasetException">The split has no published targets.</exception>
    public async Task<EvaluationResult> EvaluateAsync(
        EvaluationSetting setting,
        int depth,
        Func<QueryRanking, CancellationToken, ValueTask<IReadOnlyList<int>>> rerank,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rerank);
        // Products and ranks are long work: it leaves the caller's thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        EvaluationResult before = Evaluate(setting, cancellationToken);
        IReadOnlyList<QueryRanking> rankings = Rank(setting, depth, cancellationToken);
        QueryRanks[] ranks = new QueryRanks[rankings.Count];
        for (int query = 0; query < ranks.Length; query++)
        {
            IReadOnlyList<int> order = await rerank(rankings[query], cancellationToken).ConfigureAwait(false);
            ranks[query] = RerankedRanks.Compute(before.Ranks[query], rankings[query], order, _queries[query].Target);
            progress?.Report(query + 1);
        }

        return Builder().Build(setting, ranks);
    }

    /// <summary>Lists what a setting retrieves, for submissions and for looking at.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="k">How many images per query, at least 1; fewer where the gallery is smaller.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>One ranking per evaluated query, in the order of the annotation file.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    /// <exception cref="ArgumentException">The setting needs captions that the features do not hold.</exception>
    public IReadOnlyList<QueryRanking> Rank(EvaluationSetting setting, int k, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        QueryRanking[] rankings = new QueryRanking[_queries.Count];
        ForEachScore([setting], List, null, cancellationToken);
        return rankings;

        void List(int index, GroupScores all)
        {
            ResolvedQuery query = _queries[index];
            float[] scores = new float[all.Length];
            all.Take(0, scores.Length).Scores(all.Group.Betas[0], scores);
            int excluded = Dataset.ExcludesReference ? query.Reference : -1;
            IReadOnlyList<int> pool = query.Candidates.Length > 0 ? query.Candidates : [.. Enumerable.Range(0, scores.Length)];
            rankings[index] = new QueryRanking(
                Dataset.Queries[query.Position],
                BestHits.SelectAmong(scores, pool.Where(ordinal => ordinal != excluded), k),
                BestHits.SelectAmong(scores, query.Subset, query.Subset.Length));
        }
    }

    private ResultBuilder Builder() => new(Dataset, _rows.Count, Queries);

    private void ForEachScore(
        IReadOnlyList<EvaluationSetting> settings, ScoringPass.Receive receive, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        if (_features.Captions.Count == 0 && settings.FirstOrDefault(setting => setting.Beta > 0) is { } needy)
        {
            throw new ArgumentException(
                $"A caption weight of {needy.Beta} needs captions, but the features '{_features.Source}' hold none. Give captions or set beta to 0.", nameof(settings));
        }

        // Formulas with other products are other passes.
        var passes = Enumerable.Range(0, settings.Count).GroupBy(position => (Space: KeyOf(settings[position]), settings[position].Scoring)).ToArray();
        int done = 0;
        foreach (var pass in passes)
        {
            List<SettingGroup> groups = [.. pass
                .GroupBy(position => settings[position] with { Beta = 0 })
                .Select(group => new SettingGroup(settings, [.. group]))];
            RankingSpace space = SpaceOf(pass.Key.Space);
            IReadOnlyList<ScoringPath> paths = space.Paths(pass.Key.Scoring, groups.Any(group => group.UsesCaptions), [.. groups.Select(group => group.Strategy)]);
            ScoringPass scoring = new(space, groups, paths);
            scoring.Run(
                receive,
                _options.Threads,
                count => progress?.Report((double)Interlocked.Add(ref done, count) / _queries.Count / passes.Length),
                cancellationToken);
        }
    }

    private static SpaceKey KeyOf(EvaluationSetting setting) => new(setting.MissingCaptions, setting.MissingEvidence, setting.Fusion.Space);

    private RankingSpace SpaceOf(SpaceKey key)
    {
        lock (_spaces)
        {
            if (!_spaces.TryGetValue(key, out RankingSpace? space))
            {
                space = new RankingSpace(_features, _rows, _queries, key);
                _spaces.Add(key, space);
            }

            return space;
        }
    }
}
