using System.Globalization;
using System.Net;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>What is known of a request that failed: enough to decide whether and when to send it again.</summary>
/// <param name="Status">The HTTP status, or <see langword="null"/> where no answer came or the client hid it.</param>
/// <param name="RetryAfter">How long the server asked to wait, or <see langword="null"/>.</param>
public readonly record struct ChatFailure(int? Status, TimeSpan? RetryAfter = null)
{
    /// <summary>
    /// Whether the same request may succeed later: timeouts (408), conflicts (409), too early (425), rate limits (429), server
    /// errors (5xx) and failures without a status. Every other status is the server's final word.
    /// </summary>
    public bool IsTransient => Status is null or 408 or 409 or 425 or 429 or >= 500;

    /// <summary>Describes an HTTP error.</summary>
    /// <param name="status">The status.</param>
    /// <param name="retryAfter">The value of the <c>Retry-After</c> header, seconds or an HTTP date; <see langword="null"/> without one.</param>
    /// <param name="clock">Turns a date into a delay; <see langword="null"/> for the system's.</param>
    /// <returns>The failure; a header that cannot be read counts as absent.</returns>
    public static ChatFailure FromHttp(int status, string? retryAfter, TimeProvider? clock = null)
    {
        TimeSpan? delay = null;
        if (double.TryParse(retryAfter, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds < int.MaxValue)
        {
            delay = TimeSpan.FromSeconds(seconds);
        }
        else if (DateTimeOffset.TryParse(retryAfter, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date))
        {
            TimeSpan left = date - (clock ?? TimeProvider.System).GetUtcNow();
            delay = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }

        return new ChatFailure(status, delay);
    }

    /// <summary>Reads what a client threw, without knowing the client.</summary>
    /// <remarks>
    /// The status comes from <see cref="HttpRequestException"/> or from the words "HTTP 429" or "Status: 429" at the head of the
    /// message, as the OpenAI and Azure clients write it. They keep <c>Retry-After</c> to themselves:
    /// <see cref="ChatSettings.ReadFailure"/> is the place to ask them for it.
    /// </remarks>
    /// <param name="exception">What was thrown.</param>
    /// <returns>What is known of it.</returns>
    public static ChatFailure FromException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception is HttpRequestException { StatusCode: HttpStatusCode status }
            ? new ChatFailure((int)status)
            : new ChatFailure(StatusIn(exception.Message.AsSpan(0, Math.Min(exception.Message.Length, 200))));
    }

    private static int? StatusIn(ReadOnlySpan<char> message)
    {
        foreach (string words in (ReadOnlySpan<string>)["HTTP ", "Status: "])
        {
            int at = message.IndexOf(words, StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && message.Length >= at + words.Length + 3
                && int.TryParse(message.Slice(at + words.Length, 3), NumberStyles.None, CultureInfo.InvariantCulture, out int status)
                && status is >= 400 and < 600)
            {
                return status;
            }
        }

        return null;
    }
}
