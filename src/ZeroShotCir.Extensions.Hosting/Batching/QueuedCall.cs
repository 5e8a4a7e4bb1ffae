namespace ZeroShotCir.Extensions.Hosting.Batching;

/// <summary>What one caller wants encoded, and where it goes. Once the caller has been let go, nothing is written any more.</summary>
internal sealed class QueuedCall<TInput> : IDisposable
{
    private readonly Memory<float> _destination;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly CancellationTokenRegistration _cancellation;
    private bool _isOver;

    public QueuedCall(IReadOnlyList<TInput> inputs, Memory<float> destination, CancellationToken cancellationToken)
    {
        Inputs = inputs;
        _destination = destination;
        _cancellation = cancellationToken.Register(() => End(() => _done.TrySetCanceled(cancellationToken)));
    }

    public IReadOnlyList<TInput> Inputs { get; }

    public Task Task => _done.Task;

    public bool IsOver
    {
        get
        {
            lock (_gate)
            {
                return _isOver;
            }
        }
    }

    public void Finish(ReadOnlySpan<float> rows)
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            rows.CopyTo(_destination.Span);
            _isOver = true;
        }

        _done.TrySetResult();
    }

    public void Fail(Exception exception) => End(() => _done.TrySetException(exception));

    public void Dispose() => _cancellation.Dispose();

    private void End(Action report)
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
        }

        report();
    }
}
