using ZeroShotCir.Composition;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Sessions;

internal sealed class JoinedTextsHistory() : SessionHistory("joined-texts")
{
    internal override ValueTask<(ComposedQuery Searched, TurnMemory Memory)> ComposeAsync(
        IReadOnlyList<SessionTurn> earlier, ComposedQuery query, SessionSpace space, CancellationToken cancellationToken)
    {
        ComposedQuery[] queries = [.. earlier.Select(turn => turn.Asked), query];
        if (queries.SelectMany(asked => asked.Terms).Any(term => term.Role == TermRole.Text))
        {
            throw new InvalidQueryException(
                "The texts of a session can be joined to one sentence where each turn gives one text as ComposedQuery.Text; "
                + "a turn has further text terms. Choose the history 'mean-of-texts'.");
        }

        string[] texts = [.. queries.Select(asked => asked.Text).Where(text => !string.IsNullOrWhiteSpace(text)).OfType<string>()];
        return ValueTask.FromResult((WithJudgments(earlier, query) with { Text = texts.Length == 0 ? null : string.Join(" and ", texts) }, TurnMemory.None));
    }
}
