using ZeroShotCir.Composition;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Sessions;

/// <summary>Several texts of one query count as the mean of their directions, so the texts of all turns are simply given together.</summary>
internal sealed class MeanOfTextsHistory() : SessionHistory("mean-of-texts")
{
    internal override ValueTask<(ComposedQuery Searched, TurnMemory Memory)> ComposeAsync(
        IReadOnlyList<SessionTurn> earlier, ComposedQuery query, SessionSpace space, CancellationToken cancellationToken)
    {
        ComposedQuery own = WithJudgments(earlier, query);
        ComposedQuery all = own with { Terms = [.. own.Terms, .. earlier.SelectMany(turn => TextsOf(turn.Asked))] };
        return ValueTask.FromResult((all, TurnMemory.None));
    }

    private static IEnumerable<QueryTerm> TextsOf(ComposedQuery query)
    {
        IEnumerable<QueryTerm> further = query.Terms.Where(term => term.Role == TermRole.Text);
        return string.IsNullOrWhiteSpace(query.Text) ? further : further.Prepend(QueryTerm.FromText(query.Text));
    }
}
