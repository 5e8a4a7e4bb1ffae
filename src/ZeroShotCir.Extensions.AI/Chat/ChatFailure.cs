using System.Globalization;
using System.Net;
using ZeroShotCir.Retries;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>What is known of a request that failed: whom it concerns, whether and when to send it again, and what the server said.</summary>
/// <remarks>Immutable.</remarks>
public sealed class ChatFailure
{
    internal ChatFailure(ChatCause cause, int? status = null, TimeSpan? retryAfter = null, string? serverMessage = null)
    {
        Cause = cause;
        Status = status;
        RetryAfter = retryAfter;
        ServerMessage = serverMessage;
    }

    /// <summary>Whom it concerns.</summary>
    public ChatFailureKind Kind => Cause switch
    {
        ChatCause.Unreachable or ChatCause.TimedOut or ChatCause.Busy or ChatCause.Unreadable => ChatFailureKind.Transient,
        ChatCause.Refused or ChatCause.ContentPolicy or ChatCause.TooLarge or ChatCause.TooLong => ChatFailureKind.Input,
        _ => ChatFailureKind.Service,
    };

    /// <summary>The HTTP status, or the one that the server names inside an answer; <see langword="null"/> where no answer came or the client hid it.</summary>
    public int? Status { get; }

    /// <summary>How long the server asked to wait, or <see langword="null"/>.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The server's own words, in one line of bounded length; <see langword="null"/> where there are none.</summary>
    public string? ServerMessage { get; }

    internal ChatCause Cause { get; }

    /// <summary>Whether the error stood inside an answer that claimed success.</summary>
    internal bool IsInsideSuccess { get; init; }

    /// <summary>Describes an HTTP error.</summary>
    /// <param name="status">The status.</param>
    /// <param name="header">
    /// Gives the value of a header, or <see langword="null"/> without one; read are <c>retry-after-ms</c>, <c>x-ms-retry-after-ms</c> and
    /// <c>Retry-After</c>.
    /// </param>
    /// <param name="body">
    /// The body: the server's words, codes and, as Gemini writes it, a <c>retryDelay</c>; JSON of any service, text or a page.
    /// </param>
    /// <param name="clock">Turns a date into a delay; <see langword="null"/> for the system's.</param>
    /// <returns>The failure; what cannot be read counts as absent.</returns>
    public static ChatFailure FromHttp(int status, Func<string, string?>? header = null, string? body = null, TimeProvider? clock = null)
    {
        ServerWords words = ServerWords.Parse(body ?? string.Empty);
        return FailureReading.FromStatus(status, words, RetryDelay.FromHeaders(header, clock ?? TimeProvider.System) ?? words.RetryDelay);
    }

    /// <summary>Reads what a client threw, without knowing the client.</summary>
    /// <remarks>
    /// A client over a <see cref="ChatHttpHandler"/> throws all there is to know. Of others the status comes from
    /// <see cref="HttpRequestException"/> or from the words "HTTP 429" or "Status: 429" at the head of the message, as the OpenAI and Azure
    /// clients write it. They keep headers and bodies to themselves: <see cref="ChatSettings.ReadFailure"/> is the place to ask them.
    /// </remarks>
    /// <param name="exception">What was thrown.</param>
    /// <returns>What is known of it.</returns>
    public static ChatFailure FromException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case ChatHttpException known:
                    return known.Failure;
                case TimeoutException:
                    return new ChatFailure(ChatCause.TimedOut);
                case HttpRequestException { StatusCode: HttpStatusCode status }:
                    return FailureReading.FromStatus((int)status, ServerWords.InMessage(cause.Message), null);
            }
        }

        string message = exception.Message;
        return StatusIn(message.AsSpan(0, Math.Min(message.Length, 200))) is { } found
            ? FailureReading.FromStatus(found, ServerWords.InMessage(message), null)
            : new ChatFailure(exception is HttpRequestException or IOException ? ChatCause.Unreachable : ChatCause.Unreadable);
    }

    /// <summary>The same failure with the words as <paramref name="write"/> makes them.</summary>
    internal ChatFailure Rewrite(Func<string, string> write)
        => new(Cause, Status, RetryAfter, ServerMessage is null ? null : write(ServerMessage)) { IsInsideSuccess = IsInsideSuccess };

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
