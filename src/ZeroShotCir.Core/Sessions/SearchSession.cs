using ZeroShotCir.Composition;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Sessions;

/// <summary>
/// A search in several turns: "this one, but red", then "and with longer sleeves". It remembers what was asked, found and liked, and can be
/// walked back.
/// </summary>
/// <remarks>
/// What a turn makes of earlier ones is <see cref="SessionOptions.History"/>. A turn that fails leaves the session as it was. Not for
/// concurrent use; any number of sessions may share a retriever.
/// </remarks>
public sealed class SearchSession
{
    private readonly ComposedImageRetriever _retriever;
    private readonly SessionOptions _options;
    private readonly List<SessionTurn> _turns = [];

    /// <summary>Starts a session.</summary>
    /// <param name="retriever">Searches.</param>
    /// <param name="options">How the session goes on; <see langword="null"/> for the defaults.</param>
    public SearchSession(ComposedImageRetriever retriever, SessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(retriever);
        _retriever = retriever;
        _options = options?.Copy() ?? new SessionOptions();
    }

    /// <summary>The turns so far, the first one first.</summary>
    public IReadOnlyList<SessionTurn> Turns => _turns.AsReadOnly();

    /// <summary>Takes a turn.</summary>
    /// <param name="query">What this turn asks, by itself: often the id of an image that was found and what should change.</param>
    /// <param name="k">How many images to find, at least 1.</param>
    /// <param name="cancellationToken">Stops the work; the session then stays as it was.</param>
    /// <returns>The turn, which is now the last of <see cref="Turns"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    /// <exception cref="InvalidQueryException">
    /// The query is one that a retriever refuses, or one that the history cannot go on from: images were liked and the strategy does not read
    /// that, or a mean of queries is asked for and a query is not one vector.
    /// </exception>
    /// <exception cref="Galleries.UnknownItemException">An id is not in the gallery.</exception>
    public async Task<SessionTurn> AskAsync(ComposedQuery query, int k = 10, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        (ComposedQuery searched, TurnMemory memory) = await RememberAsync(query, cancellationToken).ConfigureAwait(false);
        RetrievalRanking found = await _retriever.SearchAsync(searched, k, cancellationToken).ConfigureAwait(false);
        SessionTurn turn = new(query, searched, memory, found);
        _turns.Add(turn);
        return turn;
    }

    /// <summary>What a turn would search for, without taking it: for whoever searches by themselves, as often and as deep as they want.</summary>
    /// <param name="query">What the turn asks, by itself.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The query, with what the session remembers of earlier turns.</returns>
    /// <exception cref="InvalidQueryException">As <see cref="AskAsync"/>.</exception>
    /// <exception cref="Galleries.UnknownItemException">An id is not in the gallery.</exception>
    public async Task<ComposedQuery> ComposeAsync(ComposedQuery query, CancellationToken cancellationToken = default)
        => (await RememberAsync(query, cancellationToken).ConfigureAwait(false)).Searched;

    /// <summary>
    /// Takes a turn that was taken before, in a session that is gone: nothing is searched for, and the turn has no results. So a server goes
    /// on with a session whose turns its client keeps.
    /// </summary>
    /// <param name="query">What the turn asked, by itself.</param>
    /// <param name="cancellationToken">Stops the work; the session then stays as it was.</param>
    /// <returns>The turn, which is now the last of <see cref="Turns"/>.</returns>
    /// <exception cref="InvalidQueryException">As <see cref="AskAsync"/>.</exception>
    /// <exception cref="Galleries.UnknownItemException">An id is not in the gallery.</exception>
    public async Task<SessionTurn> RecallAsync(ComposedQuery query, CancellationToken cancellationToken = default)
    {
        (ComposedQuery searched, TurnMemory memory) = await RememberAsync(query, cancellationToken).ConfigureAwait(false);
        SessionTurn turn = new(query, searched, memory, new RetrievalRanking([], new GallerySearchStatistics()));
        _turns.Add(turn);
        return turn;
    }

    /// <summary>Says which images of the last turn show more of what is wanted, and which less; the next turn takes it into account.</summary>
    /// <param name="liked">Their ids.</param>
    /// <param name="disliked">The ids of those that are not liked; a later word goes before an earlier one.</param>
    /// <exception cref="InvalidOperationException">No turn was taken yet.</exception>
    /// <exception cref="ArgumentException">An id is in both lists.</exception>
    public void Judge(IReadOnlyList<string> liked, IReadOnlyList<string> disliked)
    {
        ArgumentNullException.ThrowIfNull(liked);
        ArgumentNullException.ThrowIfNull(disliked);
        if (_turns.Count == 0)
        {
            throw new InvalidOperationException("There is nothing to judge before the first turn. Ask something first.");
        }

        if (liked.Intersect(disliked).FirstOrDefault() is { } both)
        {
            throw new ArgumentException($"The image '{both}' is liked and disliked at once. Leave it out of one of the lists.", nameof(disliked));
        }

        _turns[^1] = _turns[^1].Judged(liked, disliked);
    }

    /// <summary>Takes the last turn back, as if it had not been asked.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Undo()
    {
        if (_turns.Count == 0)
        {
            return false;
        }

        _turns.RemoveAt(_turns.Count - 1);
        return true;
    }

    private async Task<(ComposedQuery Searched, TurnMemory Memory)> RememberAsync(ComposedQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        (ComposedQuery searched, TurnMemory memory) = await _options.History.ComposeAsync(
            _turns, query, new SessionSpace(_retriever), cancellationToken).ConfigureAwait(false);
        if (_options.ExcludeReferences)
        {
            IEnumerable<string> seen = _turns.Select(turn => turn.Asked).Append(query).SelectMany(ReferencesOf);
            searched = searched with { ExcludedIds = [.. searched.ExcludedIds.Union(seen)] };
        }

        return (searched, memory);
    }

    private static IEnumerable<string> ReferencesOf(ComposedQuery query)
        => query.Terms.Where(term => term.Role == TermRole.Image && term.Weight > 0).Select(term => term.ItemId).Append(query.ReferenceId).OfType<string>();
}
