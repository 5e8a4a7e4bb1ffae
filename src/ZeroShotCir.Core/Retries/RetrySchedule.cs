namespace ZeroShotCir.Retries;

/// <summary>How often to repeat what failed for a reason that may pass, and when: each time after twice as long, or as the server asks.</summary>
/// <param name="maxRetries">How often, at least 0.</param>
/// <param name="firstDelay">The longest wait before the first repetition.</param>
/// <param name="maxDelay">The longest wait at all; a server that asks for more is not asked again.</param>
/// <param name="clock">What waits.</param>
/// <remarks>Serves concurrent callers.</remarks>
internal sealed class RetrySchedule(int maxRetries, TimeSpan firstDelay, TimeSpan maxDelay, TimeProvider clock)
{
    /// <summary>Decides about another attempt.</summary>
    /// <param name="failures">How many attempts failed, at least 1.</param>
    /// <param name="asked">How long the server asks to wait; <see langword="null"/> where it does not say.</param>
    /// <returns>How long to wait before it; <see langword="null"/> where there is to be none.</returns>
    public TimeSpan? DelayAfter(int failures, TimeSpan? asked = null)
    {
        TimeSpan delay = asked ?? Backoff(failures);
        return failures <= maxRetries && delay <= maxDelay ? delay : null;
    }

    /// <summary>Waits.</summary>
    public Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken) => Task.Delay(delay, clock, cancellationToken);

    // Half of it by chance, so that callers who failed together do not come back together.
    private TimeSpan Backoff(int failures)
    {
        double longest = Math.Min(firstDelay.TotalSeconds * Math.Pow(2, failures - 1), maxDelay.TotalSeconds);
        return TimeSpan.FromSeconds(longest * (0.5 + (0.5 * Random.Shared.NextDouble())));
    }
}
