using System.Runtime.ExceptionServices;
using ZeroShotCir.Errors;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Answers;

/// <summary>Does many things whose answers go into a store, several at a time.</summary>
internal sealed class AnswerBatch(AnswerStore store, AnswerRunnerOptions options)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, ZeroShotCirException> _failed = [];
    private int[] _order = [];
    private int _next;
    private int _done;
    private int _failuresInARow;
    private ZeroShotCirException? _stoppedBy;
    private Exception? _fatal;

    /// <summary>Does the work of every id, those that failed in an earlier run last: what stopped that run does not stop this one before it got further.</summary>
    /// <param name="ids">The ids under which the answers are stored.</param>
    /// <param name="key">Who is asked, and how.</param>
    /// <param name="work">Does one, by its position.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<Outcome> RunAsync(
        IReadOnlyList<string> ids, string key, Func<int, CancellationToken, Task> work, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        HashSet<string> failedBefore = [.. store.Failures.Where(failure => failure.Answerer == key).Select(failure => failure.Id)];
        _order = [.. Enumerable.Range(0, ids.Count).OrderBy(index => failedBefore.Contains(ids[index]))];
        await Task.WhenAll(Enumerable.Range(0, Math.Min(options.MaxConcurrency, ids.Count)).Select(_ => Task.Run(WorkAsync, CancellationToken.None))).ConfigureAwait(false);
        if (_fatal is not null)
        {
            // What others had paid for may fit by now.
            store.Flush();
            ExceptionDispatchInfo.Throw(_fatal);
        }

        cancellationToken.ThrowIfCancellationRequested();
        int notTried = ids.Count - _done;
        return new Outcome([.. _failed.Select(failure => new FailedAnswer(ids[failure.Key], failure.Value))], notTried, notTried > 0 ? _stoppedBy : null);

        async Task WorkAsync()
        {
            while (TakeNext(cancellationToken) is { } index)
            {
                ZeroShotCirException? error = null;
                try
                {
                    await work(index, cancellationToken).ConfigureAwait(false);
                }
                catch (ZeroShotCirException e)
                {
                    error = e;
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception e)
                {
                    lock (_gate)
                    {
                        _fatal ??= e;
                    }

                    return;
                }

                if (Count(index, error) is { } done)
                {
                    progress?.Report(done);
                }
            }
        }
    }

    private int? TakeNext(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _fatal is not null || _stoppedBy is not null || cancellationToken.IsCancellationRequested || _next >= _order.Length ? null : _order[_next++];
        }
    }

    // How many are done; null for one that was under way when the service refused everything: it was as good as not tried.
    private int? Count(int index, ZeroShotCirException? error)
    {
        lock (_gate)
        {
            if (error is null)
            {
                _failuresInARow = 0;
                return ++_done;
            }

            bool isFinal = error is ServiceUnavailableException { IsFinal: true };
            if (isFinal && _stoppedBy is ServiceUnavailableException { IsFinal: true })
            {
                return null;
            }

            _failed.Add(index, error);
            _failuresInARow += error is InvalidImageException or InputRefusedException ? 0 : 1;
            if (isFinal || (_stoppedBy is null && _failuresInARow >= options.MaxFailuresInARow))
            {
                _stoppedBy = error;
            }

            return ++_done;
        }
    }

    /// <param name="Failed">The failures, in the order given.</param>
    /// <param name="NotTried">How many were not tried.</param>
    /// <param name="StoppedBy">Why not.</param>
    internal sealed record Outcome(IReadOnlyList<FailedAnswer> Failed, int NotTried, ZeroShotCirException? StoppedBy);
}
