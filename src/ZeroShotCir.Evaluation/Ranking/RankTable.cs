using System.Numerics.Tensors;
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

    public void Record(int index, GroupScores scores, int excluded)
    {
        ResolvedQuery query = _queries[index];
        SettingGroup group = scores.Group;
        Span<int> ranks = group.Betas.Length <= 256 ? stackalloc int[group.Betas.Length] : new int[group.Betas.Length];
        if (query.Target < 0)
        {
            ranks.Fill(QueryRanks.NotFound);
        }
        else
        {
            Rank(query.Target, query, scores, excluded, ranks);
        }

        Write(_targets, index, group, ranks);
        if (_subsets.Length > 0)
        {
            RankInSubset(query, scores, ranks);
            Write(_subsets, index, group, ranks);
        }

        if (_relevant.Length > 0)
        {
            RecordRelevant(index, query, scores, excluded, ranks);
        }
    }

    public SettingRanks RanksOf(int setting)
        => new(_targets[setting], _subsets.Length > 0 ? _subsets[setting] : null, _relevant.Length > 0 ? _relevant[setting] : null);

    private void RecordRelevant(int index, ResolvedQuery query, GroupScores scores, int excluded, Span<int> ranks)
    {
        SettingGroup group = scores.Group;
        foreach (int position in group.Positions)
        {
            _relevant[position][index] = new int[query.GroundTruths.Length];
        }

        for (int i = 0; i < query.GroundTruths.Length; i++)
        {
            Rank(query.GroundTruths[i], query, scores, excluded, ranks);
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

    private static void Rank(int ordinal, ResolvedQuery query, GroupScores scores, int excluded, Span<int> ranks)
    {
        if (query.Candidates.Length > 0)
        {
            RankAmong(ordinal, query.Candidates, excluded, scores, ranks);
        }
        else
        {
            RankAll(ordinal, excluded, scores, ranks);
        }
    }

    // The rank of an item is one more than the number of items that beat it: an equal score does so before the item, behind it only a higher one.
    private static void RankAll(int ordinal, int excluded, GroupScores scores, Span<int> ranks)
    {
        Span<float> thresholds = ranks.Length <= 256 ? stackalloc float[ranks.Length] : new float[ranks.Length];
        (float, float) ends = scores.Take(ordinal, 1).ScoresOf(0, scores.Group.Betas, thresholds);
        ranks.Fill(1);
        for (int start = 0; start < scores.Length; start += GroupScores.PieceLength)
        {
            // All weights go over one piece while it is in the first-level cache.
            int length = Math.Min(GroupScores.PieceLength, scores.Length - start);
            scores.Take(start, length).CountAbove(scores.Group, thresholds, ends, ordinal - start, ranks);
        }

        if (excluded >= 0 && excluded != ordinal)
        {
            Span<float> others = ranks.Length <= 256 ? stackalloc float[ranks.Length] : new float[ranks.Length];
            Span<int> beaten = ranks.Length <= 256 ? stackalloc int[ranks.Length] : new int[ranks.Length];
            beaten.Clear();
            scores.Take(excluded, 1).ScoresOf(0, scores.Group.Betas, others);
            ScoreRows.AddAbove(others, thresholds, excluded < ordinal, beaten);
            TensorPrimitives.Subtract<int>(ranks, beaten, ranks);
        }
    }

    private static void RankInSubset(ResolvedQuery query, GroupScores scores, Span<int> ranks)
    {
        if (query.Target < 0 || query.Subset.Length == 0)
        {
            ranks.Fill(query.Subset.Length == 0 ? 0 : QueryRanks.NotFound);
            return;
        }

        RankAmong(query.Target, query.Subset, -1, scores, ranks);
    }

    // A piece for each item would cost more than the whole row.
    private static void RankAmong(int ordinal, int[] among, int excluded, GroupScores scores, Span<int> ranks)
    {
        ranks.Fill(1);
        ReadOnlySpan<float> betas = scores.Group.Betas;
        Span<float> thresholds = ranks.Length <= 256 ? stackalloc float[ranks.Length] : new float[ranks.Length];
        Span<float> others = ranks.Length <= 256 ? stackalloc float[ranks.Length] : new float[ranks.Length];
        ScoreRows all = scores.Take(0, scores.Length);
        all.ScoresOf(ordinal, betas, thresholds);
        foreach (int other in among)
        {
            if (other == ordinal || other == excluded)
            {
                continue;
            }

            all.ScoresOf(other, betas, others);
            ScoreRows.AddAbove(others, thresholds, other < ordinal, ranks);
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
