using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Metrics;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>Where right answers stand after the first images of a ranking were put into another order.</summary>
internal static class RerankedRanks
{
    /// <param name="ranks">The ranks before.</param>
    /// <param name="ranking">The images that were put into another order, as they stood before, and the subset.</param>
    /// <param name="order">For each new place the position that its image had, from 0; every position once.</param>
    /// <param name="target">The ordinal of the target.</param>
    public static QueryRanks Compute(QueryRanks ranks, QueryRanking ranking, IReadOnlyList<int> order, int target)
    {
        int[] places = new int[ranking.Hits.Count];
        Array.Fill(places, -1);
        for (int place = 0; place < order.Count; place++)
        {
            if (order.Count != places.Length || order[place] < 0 || order[place] >= places.Length || places[order[place]] >= 0)
            {
                throw new ArgumentException(
                    $"The new order of query {ranking.Query.Id} is [{string.Join(", ", order)}]; expected each position from 0 to {places.Length - 1} once.", nameof(order));
            }

            places[order[place]] = place;
        }

        int[] relevant = [.. ranks.Relevant.ToArray().Select(NewRank)];
        Array.Sort(relevant);
        return new QueryRanks(NewRank(ranks.Target)) { Relevant = relevant, Subset = SubsetRank() };

        int NewRank(int rank) => rank >= 1 && rank <= places.Length ? places[rank - 1] + 1 : rank;

        // Members among the first images stand as these now do, the others behind them as before.
        int SubsetRank()
        {
            if (ranks.Subset is 0 or QueryRanks.NotFound)
            {
                return ranks.Subset;
            }

            Dictionary<int, int> found = ranking.Hits.Select((hit, position) => (hit.Ordinal, position)).ToDictionary(hit => hit.Ordinal, hit => places[hit.position]);
            int[] members = [.. ranking.SubsetHits.Select((hit, position) => (hit.Ordinal, Place: found.GetValueOrDefault(hit.Ordinal, places.Length + position)))
                .OrderBy(member => member.Place).Select(member => member.Ordinal)];
            return Array.IndexOf(members, target) + 1;
        }
    }
}
