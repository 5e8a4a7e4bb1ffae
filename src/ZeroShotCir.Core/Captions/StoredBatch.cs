using System.Runtime.ExceptionServices;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Captions;

/// <summary>Does many things whose answers go into a store, several at a time.</summary>
internal sealed class StoredBatch(CaptionStore store, CaptionRunnerOptions options)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, ZeroShotCirException> _failed = [];
    private int _next;
    private int _done;
    private int _failuresInARow;
    private Exception? _fatal;

    /// <returns>The failures by index, and how many were not tried.</returns>
    public async Task<(IReadOnlyList<(int Index, ZeroShotCirException Error)> Failed, int NotTried)> RunAsync(
        int count, Func<int, CancellationToken, Task> work, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        await Task.WhenAll(Enumerable.Range(0, Math.Min(options.Concurrency, count)).Select(_ => Task.Run(WorkAsync, CancellationToken.None))).ConfigureAwait(false);
        if (_fatal is not null)
        {
            // What others had paid for may fit by now.
            store.Flush();
            ExceptionDispatchInfo.Throw(_fatal);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return ([.. _failed.Select(failure => (failure.Key, failure.Value))], count - _done);

        async Task WorkAsync()
        {
            while (TakeNext(count, cancellationToken) is { } index)
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

                int done = Count(index, error);
                progress?.Report(done);
            }
        }
    }

    private int? TakeNext(int count, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _fatal is not null || cancellationToken.IsCancellationRequested || _next >= count || _failuresInARow >= options.MaxFailuresInARow ? null : _next++;
        }
    }

    private int Count(int index, ZeroShotCirException? error)
    {
        lock (_gate)
        {
            if (error is null)
            {
                _failuresInARow = 0;
            }
            else
            {
                _failed.Add(index, error);
                _failuresInARow += error is InvalidImageException ? 0 : 1;
            }

            return ++_done;
        }
    }
}
