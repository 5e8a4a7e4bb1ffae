namespace ZeroShotCir.Metrics;

/// <summary>Where a ranking put the right answers of one query: all that a metric needs to know.</summary>
/// <remarks>
/// A rank is one more than the number of items that beat the answer: those with a higher score, and those with the same score and a
/// smaller ordinal. So no ranking has to be sorted to know it.
/// </remarks>
public readonly record struct QueryRanks
{
    /// <summary>The rank of what is not found at all: a query that nothing answers, or an answer that was taken out of the ranking.</summary>
    public const int NotFound = int.MaxValue;

    /// <summary>Makes the ranks of a query.</summary>
    /// <param name="target">The rank of the target, from 1; <see cref="NotFound"/> where there is none.</param>
    public QueryRanks(int target) => Target = target;

    /// <summary>The rank of the target, from 1; <see cref="NotFound"/> where there is none.</summary>
    public int Target { get; init; }

    /// <summary>The rank of the target among the members of its subset, from 1, as CIRR's subset recall asks.</summary>
    /// <value>0, the default value, where there is no subset; <see cref="NotFound"/> where there is one and no target.</value>
    public int Subset { get; init; }

    /// <summary>The ranks of all right answers, the target's among them, ascending, as CIRCO's average precision asks.</summary>
    /// <value>Empty, the default value, where the target is the only right answer.</value>
    public ReadOnlyMemory<int> Relevant { get; init; }

    /// <summary>How many right answers there are.</summary>
    public int AnswerCount => !Relevant.IsEmpty ? Relevant.Length : Target == NotFound ? 0 : 1;

    /// <summary>The rank of the best right answer, from 1; <see cref="NotFound"/> where there is none.</summary>
    public int Best => Relevant.IsEmpty ? Target : Relevant.Span[0];

    /// <summary>The rank of a right answer.</summary>
    /// <param name="position">Which, from 0, the best first; less than <see cref="AnswerCount"/>.</param>
    /// <returns>Its rank, from 1.</returns>
    public int RankOfAnswer(int position) => Relevant.IsEmpty ? Target : Relevant.Span[position];

    /// <summary>How many right answers are among the first items of the ranking.</summary>
    /// <param name="k">How many items.</param>
    /// <returns>The number of answers.</returns>
    public int AnswersWithin(int k)
    {
        int found = 0;
        while (found < AnswerCount && RankOfAnswer(found) <= k)
        {
            found++;
        }

        return found;
    }
}
