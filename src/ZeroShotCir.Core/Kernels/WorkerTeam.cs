using System.Runtime.ExceptionServices;

namespace ZeroShotCir.Kernels;

/// <summary>Runs pieces of work on the caller's thread and on threads of the pool, without allocating for each run.</summary>
/// <remarks>
/// The caller takes pieces itself and waits only for pieces that others have begun, so that a busy pool delays nothing:
/// a thread that the pool sends when the run is over goes away again. A team serves one run at a time.
/// </remarks>
internal sealed class WorkerTeam : IThreadPoolWorkItem
{
    // Not a Lock: the caller waits on it.
    private readonly object _gate = new();
    private IParallelWork? _work;
    private ExceptionDispatchInfo? _failure;
    private int _pieces;
    private int _next;
    private int _threads;
    private int _joined;
    private int _active;

    /// <summary>Runs all pieces and returns when they are done.</summary>
    /// <param name="work">The work.</param>
    /// <param name="pieces">The number of pieces.</param>
    /// <param name="threads">The most threads, the caller's included.</param>
    public void Run(IParallelWork work, int pieces, int threads)
    {
        threads = Math.Min(threads, pieces);
        if (threads <= 1)
        {
            for (int piece = 0; piece < pieces; piece++)
            {
                work.Run(piece, 0);
            }

            return;
        }

        lock (_gate)
        {
            (_work, _failure, _pieces, _next, _threads, _joined, _active) = (work, null, pieces, 0, threads, 1, 0);
        }

        for (int i = 1; i < threads; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        TakePieces(work, 0);
        lock (_gate)
        {
            _work = null;
            while (_active > 0)
            {
                Monitor.Wait(_gate);
            }
        }

        _failure?.Throw();
    }

    /// <inheritdoc/>
    public void Execute()
    {
        IParallelWork work;
        int worker;
        lock (_gate)
        {
            if (_work is null || _joined == _threads)
            {
                return;
            }

            work = _work;
            worker = _joined++;
            _active++;
        }

        TakePieces(work, worker);
        lock (_gate)
        {
            if (--_active == 0)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    private void TakePieces(IParallelWork work, int worker)
    {
        try
        {
            for (int piece = Interlocked.Increment(ref _next) - 1; piece < _pieces; piece = Interlocked.Increment(ref _next) - 1)
            {
                work.Run(piece, worker);
            }
        }
        catch (Exception failure)
        {
            // The caller learns of the first failure; nobody needs the pieces that are left.
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null);
            Interlocked.Exchange(ref _next, _pieces);
        }
    }
}
