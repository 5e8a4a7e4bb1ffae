using ZeroShotCir.Metrics;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>The ranks of every query's right answers under every setting; each query writes its own places, so threads need no lock.</summary>
internal sealed class RankTable
{
    private readonly IReadOnlyList<ResolvedQuery> _queries;
    private readonly int[][] _targets;
    private readonly int[][] _subsets;
    private readonly int[][][] _relevant;

    public RankTable(int settings, IReadOnlyList<ResolvedQuery> queries)
    {
        _queries = queries;
        _targets = [.. Enumerable.Range(0, settings).Select(_ => new int[queries.Count])];
        _subsets = queries.Any(query => query.Subset.Length > 0) ? [.. _targets.Select(_ => new int[queries.Count])] : [];
        _relevant = queries.Any(query => query.GroundTruths.Length > 0) ? [.. _targets.Select(_ => new int[queries.Count][])] : [];
    }

    public void Record(int index, SettingGroup group, ScoreRows rows, int excluded)
    {
        ResolvedQuery query = _queries[index];
        Span<int> ranks = group.Betas.Length <= 256 ? stackalloc int[group.Betas.Length] : new int[group.Betas.Length];
        if (query.Target < 0)
        {
            ranks.Fill(QueryRanks.NotFound);
        }
        else
        {
            Rank(query.Target, query, group, rows, excluded, ranks);
        }

        Write(_targets, index, group, ranks);
        if (_subsets.Length > 0)
        {
            RankAmong(query.Target, query.Subset, -1, group.Betas, rows, ranks);
            Write(_subsets, index, group, ranks);
        }

        if (_relevant.Length > 0)
        {
            RecordRelevant(index, query, group, rows, excluded, ranks);
        }
    }

    public IReadOnlyList<QueryRanks> RanksOf(int setting) => [.. Enumerable.Range(0, _queries.Count).Select(query => new QueryRanks(_targets[setting][query])
    {
        Subset = _subsets.Length > 0 ? _subsets[setting][query] : 0,
        Relevant = _relevant.Length > 0 ? _relevant[setting][query] : default,
    })];

    private void RecordRelevant(int index, ResolvedQuery query, SettingGroup group, ScoreRows rows, int excluded, Span<int> ranks)
    {
        foreach (int position in group.Positions)
        {
            _relevant[position][index] = new int[query.GroundTruths.Length];
        }

        for (int i = 0; i < query.GroundTruths.Length; i++)
        {
            Rank(query.GroundTruths[i], query, group, rows, excluded, ranks);
            for (int beta = 0; beta < ranks.Length; beta++)
            {
                _relevant[group.Positions[beta]][index][i] = ranks[beta];
            }
        }

        foreach (int position in group.Positions)
        {
            Array.Sort(_relevant[position][index]);
        }
    }

    private static void Rank(int ordinal, ResolvedQuery query, SettingGroup group, ScoreRows rows, int excluded, Span<int> ranks)
    {
        if (query.Candidates.Length > 0)
        {
            RankAmong(ordinal, query.Candidates, excluded, group.Betas, rows, ranks);
        }
        else
        {
            rows.Rank(ordinal, group.Betas, excluded, ranks);
        }
    }

    private static void RankAmong(int target, int[] among, int excluded, ReadOnlySpan<float> betas, ScoreRows rows, Span<int> ranks)
    {
        for (int beta = 0; beta < betas.Length; beta++)
        {
            ranks[beta] = 1;
            foreach (int ordinal in among)
            {
                ranks[beta] += ordinal != target && ordinal != excluded && rows.Beats(ordinal, target, betas[beta]) ? 1 : 0;
            }
        }
    }

    private static void Write(int[][] table, int index, SettingGroup group, ReadOnlySpan<int> ranks)
    {
        for (int beta = 0; beta < ranks.Length; beta++)
        {
            table[group.Positions[beta]][index] = ranks[beta];
        }
    }
}
