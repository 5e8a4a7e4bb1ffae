using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Sessions;

/// <summary>One turn of a <see cref="SearchSession"/>: what was asked, what was searched for, and what was found.</summary>
/// <remarks>Immutable.</remarks>
public sealed class SessionTurn
{
    internal SessionTurn(ComposedQuery asked, ComposedQuery searched, TurnMemory memory, RetrievalRanking results)
    {
        Asked = asked;
        Searched = searched;
        Memory = memory;
        Results = results;
    }

    private SessionTurn(SessionTurn turn, IReadOnlyList<string> liked, IReadOnlyList<string> disliked)
        : this(turn.Asked, turn.Searched, turn.Memory, turn.Results)
    {
        Liked = liked;
        Disliked = disliked;
    }

    /// <summary>The query as it was asked.</summary>
    public ComposedQuery Asked { get; }

    /// <summary>The query that was searched for: that of the turn with what the session remembers of earlier ones.</summary>
    public ComposedQuery Searched { get; }

    /// <summary>What was found.</summary>
    public RetrievalRanking Results { get; }

    /// <summary>The ids of the images that were liked among those that were shown.</summary>
    public IReadOnlyList<string> Liked { get; } = [];

    /// <summary>The ids of the images that were not liked.</summary>
    public IReadOnlyList<string> Disliked { get; } = [];

    internal TurnMemory Memory { get; }

    internal SessionTurn Judged(IEnumerable<string> liked, IEnumerable<string> disliked)
    {
        string[] more = [.. liked];
        string[] less = [.. disliked];
        return new SessionTurn(this, [.. Liked.Except(less).Union(more)], [.. Disliked.Except(more).Union(less)]);
    }
}
