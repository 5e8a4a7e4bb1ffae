using System.Collections;
using ZeroShotCir.Metrics;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>The ranks of all queries under one setting, each put together where it is asked for: a sweep keeps hundreds of these.</summary>
/// <param name="targets">The ranks of the targets.</param>
/// <param name="subsets">Those among the members of a subset; <see langword="null"/> without subsets.</param>
/// <param name="relevant">Those of all right answers; <see langword="null"/> where the target is the only one.</param>
internal sealed class SettingRanks(int[] targets, int[]? subsets, int[][]? relevant) : IReadOnlyList<QueryRanks>
{
    public int Count => targets.Length;

    public QueryRanks this[int query] => new(targets[query]) { Subset = subsets?[query] ?? 0, Relevant = relevant?[query] };

    public IEnumerator<QueryRanks> GetEnumerator()
    {
        for (int query = 0; query < Count; query++)
        {
            yield return this[query];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
