using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Sessions;

internal sealed class LastTurnHistory() : SessionHistory("last-turn")
{
    internal override ValueTask<(ComposedQuery Searched, TurnMemory Memory)> ComposeAsync(
        IReadOnlyList<SessionTurn> earlier, ComposedQuery query, SessionSpace space, CancellationToken cancellationToken)
        => ValueTask.FromResult((WithJudgments(earlier, query), TurnMemory.None));
}
