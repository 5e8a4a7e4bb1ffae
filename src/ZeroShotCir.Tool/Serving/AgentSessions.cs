using System.Collections.Concurrent;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Sessions;

namespace ZeroShotCir.Tool.Serving;

/// <summary>The searches of agents that go on from each other, by the names that the agents chose. Serves concurrent callers; the oldest sessions are forgotten.</summary>
internal sealed class AgentSessions
{
    private const int MaxSessions = 256;
    private const int MaxTurns = 16;
    private readonly ConcurrentDictionary<string, AgentSession> _sessions = new(StringComparer.Ordinal);
    private long _uses;

    /// <summary>Composes a turn of a session, without taking it.</summary>
    /// <param name="name">The session, which begins where nobody knows it.</param>
    /// <param name="back">How many of its turns are taken back first.</param>
    /// <param name="turn">What the turn asks, with what it says of the images before.</param>
    /// <param name="history">What becomes of earlier turns.</param>
    /// <param name="retriever">Searches.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What to search for, and what takes the turn once that was found.</returns>
    /// <exception cref="ArgumentException">There are not so many turns to take back.</exception>
    public async Task<(ComposedQuery Searched, Action Take)> ComposeAsync(
        string name, int back, AgentTurn turn, SessionHistory history, ComposedImageRetriever retriever, CancellationToken cancellationToken)
    {
        IReadOnlyList<AgentTurn> earlier = _sessions.TryGetValue(name, out AgentSession? known) ? known.Turns : [];
        if (back < 0 || back > earlier.Count)
        {
            throw new ArgumentException($"'back' is {back}, but the session has {earlier.Count} turns.");
        }

        AgentTurn[] kept = [.. earlier.Take(earlier.Count - back).TakeLast(MaxTurns)];

        // A gallery that is updated between two turns is searched as it is now.
        SearchSession session = new(retriever, new SessionOptions { History = history, ExcludeReferences = true });
        foreach (AgentTurn before in kept)
        {
            Judge(session, before);
            await session.RecallAsync(Asked(session, before), cancellationToken);
        }

        Judge(session, turn);
        ComposedQuery searched = await session.ComposeAsync(Asked(session, turn), cancellationToken);
        return (searched, () => Keep(name, [.. kept, turn]));
    }

    private static void Judge(SearchSession session, AgentTurn turn)
    {
        if (session.Turns.Count > 0)
        {
            session.Judge(turn.Liked, turn.Disliked);
        }
    }

    // Before the first turn there is none whose images were judged: they are terms like others.
    private static ComposedQuery Asked(SearchSession session, AgentTurn turn) => session.Turns.Count > 0 ? turn.Query : turn.WithJudgments();

    private void Keep(string name, IReadOnlyList<AgentTurn> turns)
    {
        _sessions[name] = new AgentSession(turns, Interlocked.Increment(ref _uses));
        while (_sessions.Count > MaxSessions)
        {
            _sessions.TryRemove(_sessions.MinBy(session => session.Value.Use).Key, out _);
        }
    }

    private sealed record AgentSession(IReadOnlyList<AgentTurn> Turns, long Use);
}
