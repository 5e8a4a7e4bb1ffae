namespace ZeroShotCir.Retrieval;

/// <summary>Completes an order of candidates that names only some of them.</summary>
internal static class CandidateOrder
{
    /// <summary>The named ones in their order, each at its first mention, and behind them the others in the order they had.</summary>
    /// <param name="named">Positions, from 0 to <paramref name="count"/> - 1.</param>
    /// <param name="count">The number of candidates.</param>
    public static IReadOnlyList<RerankedCandidate> Complete(IReadOnlyList<int> named, int count)
    {
        int[] first = [.. named.Distinct()];
        return
        [
            .. first.Select(position => new RerankedCandidate(position)),
            .. Enumerable.Range(0, count).Except(first).Select(position => new RerankedCandidate(position, isJudged: false)),
        ];
    }
}
