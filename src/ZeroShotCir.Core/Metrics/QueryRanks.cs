namespace ZeroShotCir.Metrics;

/// <summary>Where a ranking put the right answers of one query: all that a metric needs to know.</summary>
/// <param name="Target">The rank of the target, from 1.</param>
/// <remarks>
/// A rank is one more than the number of items that beat the answer: those with a higher score, and those with the same score and a
/// smaller ordinal. So no ranking has to be sorted to know it.
/// </remarks>
public readonly record struct QueryRanks(int Target)
{
    /// <summary>The rank of the target among the members of its subset, from 1, as CIRR's subset recall asks.</summary>
    /// <value>0, the default value, where there is no subset.</value>
    public int Subset { get; init; }

    /// <summary>The ranks of all right answers, the target's among them, ascending, as CIRCO's average precision asks.</summary>
    /// <value>Empty, the default value, where the target is the only right answer.</value>
    public ReadOnlyMemory<int> Relevant { get; init; }
}
