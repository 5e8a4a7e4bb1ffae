namespace ZeroShotCir.Evaluation.Sessions;

/// <summary>How often a right answer was among the first images, over some turns.</summary>
public sealed class SessionRecalls
{
    private static readonly int[] Cutoffs = [1, 5, 10, 50];

    internal SessionRecalls(int? turn, IReadOnlyCollection<int> ranks)
    {
        Turn = turn;
        Count = ranks.Count;
        Recalls = Cutoffs.ToDictionary(k => k, k => 100.0 * ranks.Count(rank => rank <= k) / ranks.Count);
    }

    private SessionRecalls(int? turn, int count, IReadOnlyDictionary<int, double> recalls)
    {
        Turn = turn;
        Count = count;
        Recalls = recalls;
    }

    /// <summary>Which turn it is, from 1; <see langword="null"/> for the last ones of all sessions, or all of them.</summary>
    public int? Turn { get; }

    /// <summary>How many turns were counted: for one turn, the sessions that have it.</summary>
    public int Count { get; }

    /// <summary>R@k in percent by k: 1, 5, 10 and 50.</summary>
    public IReadOnlyDictionary<int, double> Recalls { get; }

    /// <summary>The mean of the same turn's recalls in several subsets.</summary>
    internal static SessionRecalls Average(IReadOnlyList<SessionRecalls> subsets)
        => new(subsets[0].Turn, subsets.Sum(subset => subset.Count), Cutoffs.ToDictionary(k => k, k => subsets.Average(subset => subset.Recalls[k])));
}
