using System.Collections.Concurrent;
using ZeroShotCir.Errors;

namespace ZeroShotCir.Answers;

/// <summary>Asks, and never twice: answers come from an <see cref="AnswerStore"/> where it has them, and go there where not.</summary>
/// <typeparam name="TQuestion">What is asked about.</typeparam>
/// <remarks>
/// Thread-safe. Callers that ask about the same content at the same time wait for one answer. Failures are recorded in the store and passed
/// on; asking again tries again.
/// </remarks>
public sealed class StoredAnswers<TQuestion>
{
    private readonly Func<TQuestion, string> _content;
    private readonly Func<TQuestion, CancellationToken, ValueTask<IReadOnlyList<string>>> _ask;
    private readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyList<string>>>> _asking = new(StringComparer.Ordinal);
    private int _asked;
    private int _reused;

    /// <summary>Puts a store before somebody who answers.</summary>
    /// <param name="store">Where answers are kept; stays the caller's to dispose.</param>
    /// <param name="answerer">Who is asked, and how: whatever changes answers is part of it.</param>
    /// <param name="content">Gives the hash of whatever the answerer sees of a question.</param>
    /// <param name="ask">Asks.</param>
    public StoredAnswers(
        AnswerStore store, string answerer, Func<TQuestion, string> content, Func<TQuestion, CancellationToken, ValueTask<IReadOnlyList<string>>> ask)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(answerer);
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(ask);
        Store = store;
        Answerer = answerer;
        _content = content;
        _ask = ask;
    }

    /// <summary>Where answers are kept.</summary>
    public AnswerStore Store { get; }

    /// <summary>Who is asked, and how: what answers are stored under, beside the content of the question.</summary>
    public string Answerer { get; }

    /// <summary>How often somebody was asked and answered.</summary>
    public int Asked => _asked;

    /// <summary>How often the store had the answer.</summary>
    public int Reused => _reused;

    /// <summary>Whether the store has the answer.</summary>
    /// <param name="question">The question.</param>
    /// <returns>Whether asking would cost nothing.</returns>
    public bool IsKnown(TQuestion question) => Store.TryGet(_content(question), Answerer, out _);

    /// <summary>Whether the last attempt to get an answer failed, in this run or an earlier one.</summary>
    /// <param name="question">The question, asked without an id.</param>
    /// <returns>Whether the store holds a failure and no answer.</returns>
    public bool HasFailed(TQuestion question) => Store.HasFailed(_content(question), Answerer);

    /// <summary>Gets an answer, from the store or by asking.</summary>
    /// <param name="question">The question; its hash is its id.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="ZeroShotCirException">Whoever was asked failed; the failure is in the store.</exception>
    /// <exception cref="IOException">The disk is full, as <see cref="AnswerStore.Add"/> says; ask no more.</exception>
    public ValueTask<IReadOnlyList<string>> AskAsync(TQuestion question, CancellationToken cancellationToken = default)
    {
        string content = _content(question);
        return AskAsync(content, content, question, cancellationToken);
    }

    /// <summary>Gets an answer, from the store or by asking.</summary>
    /// <param name="id">The id under which the answer is stored, beside the hash of the question's content.</param>
    /// <param name="question">The question.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="ZeroShotCirException">Whoever was asked failed; the failure is in the store.</exception>
    /// <exception cref="IOException">The disk is full, as <see cref="AnswerStore.Add"/> says; ask no more.</exception>
    public ValueTask<IReadOnlyList<string>> AskAsync(string id, TQuestion question, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return AskAsync(id, _content(question), question, cancellationToken);
    }

    private async ValueTask<IReadOnlyList<string>> AskAsync(string id, string content, TQuestion question, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Store.TryGet(content, Answerer, out IReadOnlyList<string>? answer))
            {
                Interlocked.Increment(ref _reused);
                Store.Add(new AnswerRecord(id, content, Answerer, answer));
                return answer;
            }

            Lazy<Task<IReadOnlyList<string>>> mine = new(() => AskNowAsync(id, content, question, cancellationToken));
            Lazy<Task<IReadOnlyList<string>>> asking = _asking.GetOrAdd(content, mine);
            try
            {
                answer = await asking.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
                if (ReferenceEquals(asking, mine))
                {
                    return answer;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && !ReferenceEquals(asking, mine))
            {
                _asking.TryRemove(new(content, asking)); // Who asked first gave up; ask again.
            }
            finally
            {
                if (ReferenceEquals(asking, mine))
                {
                    _asking.TryRemove(new(content, mine));
                }
            }
        }
    }

    private async Task<IReadOnlyList<string>> AskNowAsync(string id, string content, TQuestion question, CancellationToken cancellationToken)
    {
        if (Store.TryGet(content, Answerer, out IReadOnlyList<string>? known))
        {
            return known; // Answered between looking and asking.
        }

        IReadOnlyList<string> answer;
        try
        {
            answer = await _ask(question, cancellationToken).ConfigureAwait(false);
        }
        catch (ZeroShotCirException e) when (e is not ServiceUnavailableException { IsFinal: true })
        {
            // A service that refuses everything says nothing of this one.
            Store.Add(new AnswerRecord(id, content, Answerer, [], e.Message));
            throw;
        }

        Interlocked.Increment(ref _asked);
        Store.Add(new AnswerRecord(id, content, Answerer, answer));
        return answer;
    }
}
