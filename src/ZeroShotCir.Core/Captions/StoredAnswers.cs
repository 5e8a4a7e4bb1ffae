using System.Collections.Concurrent;

namespace ZeroShotCir.Captions;

/// <summary>Asks for what a <see cref="CaptionStore"/> does not have, once even where several ask at the same time. Thread-safe.</summary>
internal sealed class StoredAnswers(CaptionStore store)
{
    private readonly ConcurrentDictionary<(string Content, string Key), Lazy<Task<IReadOnlyList<string>>>> _asking = new();
    private int _asked;
    private int _reused;

    /// <summary>How often somebody was asked and answered.</summary>
    public int Asked => _asked;

    /// <summary>How often the store had the answer.</summary>
    public int Reused => _reused;

    /// <summary>Gets an answer from the store, or else asks and stores what comes.</summary>
    /// <param name="id">The id under which the answer is stored.</param>
    /// <param name="content">The hash of what is asked about.</param>
    /// <param name="key">Who is asked, and how.</param>
    /// <param name="ask">Asks.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask<IReadOnlyList<string>> GetAsync(
        string id, string content, string key, Func<CancellationToken, ValueTask<IReadOnlyList<string>>> ask, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (store.TryGet(content, key, out IReadOnlyList<string>? answer))
            {
                Interlocked.Increment(ref _reused);
                store.Add(new CaptionRecord(id, content, key, answer));
                return answer;
            }

            Lazy<Task<IReadOnlyList<string>>> mine = new(() => AskAsync(id, content, key, ask, cancellationToken));
            Lazy<Task<IReadOnlyList<string>>> asking = _asking.GetOrAdd((content, key), mine);
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
                _asking.TryRemove(new((content, key), asking)); // Who asked first gave up; ask again.
            }
            finally
            {
                if (ReferenceEquals(asking, mine))
                {
                    _asking.TryRemove(new((content, key), mine));
                }
            }
        }
    }

    private async Task<IReadOnlyList<string>> AskAsync(
        string id, string content, string key, Func<CancellationToken, ValueTask<IReadOnlyList<string>>> ask, CancellationToken cancellationToken)
    {
        if (store.TryGet(content, key, out IReadOnlyList<string>? known))
        {
            return known; // Answered between looking and asking.
        }

        IReadOnlyList<string> answer;
        try
        {
            answer = await ask(cancellationToken).ConfigureAwait(false);
        }
        catch (ZeroShotCirException e) when (e is not ServiceUnavailableException { IsFinal: true })
        {
            // A service that refuses everything says nothing of this one.
            store.Add(new CaptionRecord(id, content, key, [], e.Message));
            throw;
        }

        Interlocked.Increment(ref _asked);
        store.Add(new CaptionRecord(id, content, key, answer));
        return answer;
    }
}
