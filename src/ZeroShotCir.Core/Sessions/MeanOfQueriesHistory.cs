using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Sessions;

internal sealed class MeanOfQueriesHistory() : SessionHistory("mean-of-queries")
{
    internal override async ValueTask<(ComposedQuery Searched, TurnMemory Memory)> ComposeAsync(
        IReadOnlyList<SessionTurn> earlier, ComposedQuery query, SessionSpace space, CancellationToken cancellationToken)
    {
        float[] own = await space.VectorAsync(WithJudgments(earlier, query), cancellationToken).ConfigureAwait(false);
        float[] mean = SessionSpace.Sum([.. earlier.Select(turn => (1.0, turn.Memory.Own)), (1.0, own)]);
        return (SessionSpace.Search(query, mean), new TurnMemory { Own = own, Searched = mean });
    }
}
