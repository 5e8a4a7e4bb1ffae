namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>
/// Lets one request go ahead while nobody knows whether the service takes any: a wrong key then costs one request, not one per caller.
/// Serves concurrent callers.
/// </summary>
internal sealed class ServiceProbe
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<Exception?>? _underWay;
    private bool _isOpen;

    /// <summary>Waits while another request finds out.</summary>
    /// <returns>Whether this request is the one to find out; it must call <see cref="Report"/>.</returns>
    /// <exception cref="ChatUnavailableException">The other request found that the service refuses everything.</exception>
    public async ValueTask<bool> EnterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task<Exception?> waiting;
            lock (_gate)
            {
                if (_isOpen)
                {
                    return false;
                }

                if (_underWay is null)
                {
                    _underWay = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
                    return true;
                }

                waiting = _underWay.Task;
            }

            if (await waiting.WaitAsync(cancellationToken).ConfigureAwait(false) is { } refused)
            {
                throw new ChatUnavailableException(refused.Message, refused) { Failure = ((ChatUnavailableException)refused).Failure, Attempts = 0, IsFinal = true };
            }
        }
    }

    /// <summary>Says what became of the request that was to find out.</summary>
    /// <param name="isOpen">Whether the service takes requests, as far as one answer can tell.</param>
    /// <param name="refused">Why it takes none; <see langword="null"/> where nobody knows, since the caller gave up.</param>
    public void Report(bool isOpen, ChatUnavailableException? refused)
    {
        TaskCompletionSource<Exception?>? underWay;
        lock (_gate)
        {
            _isOpen = isOpen;
            underWay = _underWay;
            _underWay = null;
        }

        underWay?.SetResult(refused);
    }

    /// <summary>Says that a service which took requests refuses them all by now; the next one finds out again.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isOpen = false;
        }
    }
}
