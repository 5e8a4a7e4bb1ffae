using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace ZeroShotCir.Galleries.Stores;

/// <summary>Asks replicas one after the other, each a while before the next, and takes the first answer that lacks nothing.</summary>
internal sealed class ReplicaRace(IGalleryStore[] replicas, ReplicatedStoreOptions options)
{
    // What a timer can wait for; a longer delay means never, and nobody waits that long for a search.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(40);

    // When a replica last failed or was overtaken; 0 for never.
    private readonly long[] _setBack = new long[replicas.Length];

    /// <summary>Asks for something.</summary>
    /// <param name="ask">Asks a replica.</param>
    /// <param name="countMissing">How much an answer lacks; 0 for a whole one.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The first whole answer, or the one that lacks least. If all fail, the failure of the first is thrown.</returns>
    public async ValueTask<T> AskAsync<T>(Func<IGalleryStore, CancellationToken, ValueTask<T>> ask, Func<T, int> countMissing, CancellationToken cancellationToken)
    {
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Queue<int> left = new(Order());
        List<(Task<T> Task, int Replica)> running = [];
        ExceptionDispatchInfo? failure = null;
        (T Answer, int Missing)? best = null;
        Start();
        try
        {
            while (running.Count > 0)
            {
                Task<Task<T>> first = Task.WhenAny(running.Select(run => run.Task));
                if (left.Count > 0 && await Task.WhenAny(first, Task.Delay(HedgeDelay, enough.Token)).ConfigureAwait(false) != first)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Start();
                    continue;
                }

                Task<T> ended = await first.WaitAsync(cancellationToken).ConfigureAwait(false);
                int place = running.FindIndex(run => run.Task == ended);
                int replica = running[place].Replica;
                running.RemoveAt(place);
                try
                {
                    T answer = await ended.ConfigureAwait(false);
                    int missing = countMissing(answer);
                    if (missing == 0)
                    {
                        Volatile.Write(ref _setBack[replica], 0);
                        return answer;
                    }

                    best = best is { } before && before.Missing <= missing ? before : (answer, missing);
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    failure ??= ExceptionDispatchInfo.Capture(exception);
                }

                SetBack(replica);
                Start();
            }
        }
        finally
        {
            await enough.CancelAsync().ConfigureAwait(false);
            foreach ((Task<T> late, int overtaken) in running)
            {
                // A caller who went away says nothing of the replicas.
                if (!cancellationToken.IsCancellationRequested)
                {
                    SetBack(overtaken);
                }

                _ = late.ContinueWith(task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            }
        }

        if (best is null)
        {
            failure?.Throw();
        }

        return best!.Value.Answer;

        void Start()
        {
            if (left.TryDequeue(out int replica))
            {
                running.Add((AskOneAsync(replicas[replica]), replica));
            }
        }

        // What is thrown before anything is awaited is that replica's failure, too.
        async Task<T> AskOneAsync(IGalleryStore replica) => await ask(replica, enough.Token).ConfigureAwait(false);
    }

    private TimeSpan HedgeDelay => options.HedgeDelay < LongestDelay ? options.HedgeDelay : LongestDelay;

    private IEnumerable<int> Order() => Enumerable.Range(0, replicas.Length).OrderBy(replica => IsSetBack(replica) ? 1 : 0);

    private bool IsSetBack(int replica) => Volatile.Read(ref _setBack[replica]) is var time and not 0 && Stopwatch.GetElapsedTime(time) < options.Cooldown;

    private void SetBack(int replica) => Volatile.Write(ref _setBack[replica], Stopwatch.GetTimestamp());
}
