namespace ZeroShotCir.Evaluation.Sessions;

/// <summary>A session of a data set: its turns, and the images that its user is after all the time.</summary>
public sealed class EvaluationSession
{
    /// <summary>Describes a session.</summary>
    /// <param name="id">What the data set calls it.</param>
    /// <param name="groundTruths">The right answers of every turn, at least one.</param>
    /// <param name="turns">The turns, at least one.</param>
    /// <exception cref="ArgumentException">There is no right answer or no turn.</exception>
    public EvaluationSession(string id, IReadOnlyList<string> groundTruths, IReadOnlyList<EvaluationTurn> turns)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentNullException.ThrowIfNull(groundTruths);
        ArgumentNullException.ThrowIfNull(turns);
        if (groundTruths.Count == 0 || turns.Count == 0)
        {
            throw new ArgumentException($"The session '{id}' has {groundTruths.Count} right answers and {turns.Count} turns; at least one of each is needed.", nameof(turns));
        }

        Id = id;
        GroundTruths = groundTruths;
        Turns = turns;
    }

    /// <summary>What the data set calls it.</summary>
    public string Id { get; }

    /// <summary>The right answers of every turn.</summary>
    public IReadOnlyList<string> GroundTruths { get; }

    /// <summary>The turns, in their order.</summary>
    public IReadOnlyList<EvaluationTurn> Turns { get; }
}
