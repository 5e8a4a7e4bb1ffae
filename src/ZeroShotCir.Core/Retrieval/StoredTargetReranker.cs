using System.Globalization;
using ZeroShotCir.Answers;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Retrieval;

/// <summary>
/// A re-ranker that never asks twice: an order belongs to the content of query and images, to the order in which they were shown, and to
/// who was asked. It is stored as the positions that were named, best first, counted from 1.
/// </summary>
/// <remarks>
/// Thread-safe, as <see cref="StoredAnswers{TQuestion}"/> is. How well images fit is not stored: put a <see cref="StoredTargetVerifier"/>
/// before a verifier, which keeps its verdicts one by one.
/// </remarks>
public sealed class StoredTargetReranker : ITargetReranker
{
    private readonly StoredAnswers<Shown> _answers;

    /// <summary>Puts a store before a re-ranker.</summary>
    /// <param name="reranker">Who is asked.</param>
    /// <param name="store">Where orders are kept; stays the caller's to dispose.</param>
    public StoredTargetReranker(ITargetReranker reranker, AnswerStore store)
    {
        ArgumentNullException.ThrowIfNull(reranker);
        ArgumentNullException.ThrowIfNull(store);
        RerankerId = reranker.RerankerId;
        _answers = new StoredAnswers<Shown>(store, RerankerId, shown => QueryHash.Compute(shown.Query, shown.Candidates), async (shown, token) =>
        {
            IReadOnlyList<RerankedCandidate> order = await reranker.RerankAsync(shown.Query, shown.Candidates, token).ConfigureAwait(false);
            return [.. order.Where(candidate => candidate.IsJudged).Select(candidate => (candidate.Position + 1).ToString(CultureInfo.InvariantCulture))];
        });
    }

    /// <inheritdoc/>
    public string RerankerId { get; }

    /// <summary>How often the re-ranker was asked and answered.</summary>
    public int Asked => _answers.Asked;

    /// <summary>How often the store had the order.</summary>
    public int Reused => _answers.Reused;

    /// <summary>Whether the store has the order of these images for this query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="candidates">The images, as they would be shown.</param>
    /// <returns>Whether asking would cost nothing.</returns>
    public bool IsKnown(ComposedQuery query, IReadOnlyList<ImageData> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        return _answers.IsKnown(new Shown(query, candidates));
    }

    /// <summary>Whether the last attempt to get the order failed, in this run or an earlier one.</summary>
    /// <param name="query">The query.</param>
    /// <param name="candidates">The images, as they were shown.</param>
    /// <returns>Whether the store holds a failure and no order.</returns>
    public bool HasFailed(ComposedQuery query, IReadOnlyList<ImageData> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        return _answers.HasFailed(new Shown(query, candidates));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidAnswerStoreException">What is stored is no list of positions.</exception>
    /// <exception cref="IOException">The disk is full, as <see cref="AnswerStore.Add"/> says; ask no more.</exception>
    public async ValueTask<IReadOnlyList<RerankedCandidate>> RerankAsync(
        ComposedQuery query, IReadOnlyList<ImageData> candidates, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        if (candidates.Count == 0)
        {
            return [];
        }

        Shown shown = new(query, candidates);
        IReadOnlyList<string> texts = await _answers.AskAsync(shown, cancellationToken).ConfigureAwait(false);
        return CandidateOrder.Complete([.. texts.Select(Position)], candidates.Count);

        int Position(string text)
            => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= candidates.Count
                ? number - 1
                : throw new InvalidAnswerStoreException(
                    $"The order {QueryHash.Compute(query, candidates)} in '{_answers.Store.Path}' names \"{text}\", "
                    + $"expected a number from 1 to {candidates.Count}. Delete that line.");
    }

    private readonly record struct Shown(ComposedQuery Query, IReadOnlyList<ImageData> Candidates);
}
