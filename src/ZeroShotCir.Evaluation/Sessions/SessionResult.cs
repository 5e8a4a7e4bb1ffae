namespace ZeroShotCir.Evaluation.Sessions;

/// <summary>How well sessions end, and how soon.</summary>
/// <remarks>Every turn is replayed with the reference images of the data set, also after a success, so turns do not depend on the ranking before.</remarks>
public sealed class SessionResult
{
    private const int WithinTop = 10;

    internal SessionResult(IReadOnlyList<IReadOnlyList<int>> ranks)
    {
        Ranks = ranks;
        int longest = ranks.Max(session => session.Count);
        PerTurn = [.. Enumerable.Range(0, longest).Select(
            turn => new SessionRecalls(turn + 1, [.. ranks.Where(session => session.Count > turn).Select(session => session[turn])]))];
        FinalTurn = new SessionRecalls(null, [.. ranks.Select(session => session[^1])]);
        AllTurns = new SessionRecalls(null, [.. ranks.SelectMany(session => session)]);
        HitsWithinTurns = [.. Enumerable.Range(1, longest).Select(turns => 100.0 * ranks.Count(session => session.Take(turns).Any(rank => rank <= WithinTop)) / ranks.Count)];
        AreaUnderCurve = HitsWithinTurns.Average();
    }

    private SessionResult(IReadOnlyList<SessionResult> subsets)
    {
        Ranks = [.. subsets.SelectMany(subset => subset.Ranks)];
        int longest = subsets.Max(subset => subset.PerTurn.Count);
        PerTurn = [.. Enumerable.Range(0, longest).Select(
            turn => SessionRecalls.Average([.. subsets.Where(subset => subset.PerTurn.Count > turn).Select(subset => subset.PerTurn[turn])]))];
        FinalTurn = SessionRecalls.Average([.. subsets.Select(subset => subset.FinalTurn)]);
        AllTurns = SessionRecalls.Average([.. subsets.Select(subset => subset.AllTurns)]);
        HitsWithinTurns = [.. Enumerable.Range(0, longest).Select(turn => subsets.Average(subset => subset.HitsWithinTurns[Math.Min(turn, subset.HitsWithinTurns.Count - 1)]))];
        AreaUnderCurve = subsets.Average(subset => subset.AreaUnderCurve);
    }

    /// <summary>The rank from 1 of the best right answer, by session and turn; <see cref="Metrics.QueryRanks.NotFound"/> where all of them were taken out.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Ranks { get; }

    /// <summary>R@k of each turn, over the sessions that have it.</summary>
    public IReadOnlyList<SessionRecalls> PerTurn { get; }

    /// <summary>R@k of the last turn of every session: the headline.</summary>
    public SessionRecalls FinalTurn { get; }

    /// <summary>R@k over all turns of all sessions.</summary>
    public SessionRecalls AllTurns { get; }

    /// <summary>For each number of turns T, from 1, how many percent of all sessions had a right answer among the first ten in one of their first T turns.</summary>
    public IReadOnlyList<double> HitsWithinTurns { get; }

    /// <summary>The mean of <see cref="HitsWithinTurns"/>, the area under its curve, in percent; of several subsets, the mean of theirs.</summary>
    public double AreaUnderCurve { get; }

    /// <summary>The mean of subsets, each of which counts alike, as data sets of several subsets are reported.</summary>
    /// <param name="subsets">The results of the subsets; at least one.</param>
    /// <returns>Their mean: of a turn, over the subsets that have it; behind the last turn of a subset, nothing more is found in it.</returns>
    /// <exception cref="ArgumentException">There is no result.</exception>
    public static SessionResult Average(IReadOnlyList<SessionResult> subsets)
    {
        ArgumentNullException.ThrowIfNull(subsets);
        return subsets.Count > 0 ? new SessionResult(subsets) : throw new ArgumentException("There is no result to average; give at least one.", nameof(subsets));
    }
}
