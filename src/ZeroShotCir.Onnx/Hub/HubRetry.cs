using System.Net.Sockets;
using ZeroShotCir.Retries;

namespace ZeroShotCir.Onnx.Hub;

/// <summary>Repeats what failed for a reason that may pass.</summary>
internal sealed class HubRetry(ModelHubOptions options)
{
    private readonly RetrySchedule _schedule = new(options.MaxRetries, options.FirstDelay, options.MaxDelay, options.Clock);

    /// <summary>Runs until success, giving every attempt <see cref="ModelHubOptions.StallTimeout"/>.</summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        for (int failures = 1; ; failures++)
        {
            try
            {
                using CancellationTokenSource stall = new(options.StallTimeout, options.Clock);
                using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancellationToken);
                return await attempt(either.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && IsTransient(e))
            {
                await PauseAsync(e, failures, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public static bool IsTransient(Exception e)
        => e is HttpRequestException or HttpIOException or OperationCanceledException or IOException { InnerException: SocketException }
            or ModelHubException { Failure: ModelHubFailure.Unavailable or ModelHubFailure.RateLimited };

    /// <summary>Waits before the next attempt, or throws if there shall be none.</summary>
    public async Task PauseAsync(Exception e, int failures, CancellationToken cancellationToken)
    {
        if (_schedule.DelayAfter(failures, (e as ModelHubException)?.RetryAfter) is not { } delay)
        {
            throw e is ModelHubException hub ? hub : new ModelHubException(
                $"The hub {options.Endpoint} cannot be reached ({(e is OperationCanceledException ? $"silent for {options.StallTimeout}" : e.Message)}), tried {failures} times. "
                + "Check the connection and HF_ENDPOINT; with HF_HUB_OFFLINE=1 models in the cache are used without it.", e)
            {
                Failure = ModelHubFailure.Unavailable,
            };
        }

        await _schedule.WaitAsync(delay, cancellationToken).ConfigureAwait(false);
    }
}
