using ZeroShotCir.Answers;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>
/// The chat service did not answer: it timed out, was overloaded or unreachable until the retries ran out, or refuses every request
/// (<see cref="ServiceUnavailableException.IsFinal"/>).
/// </summary>
public sealed class ChatUnavailableException : ServiceUnavailableException
{
    /// <summary>Creates the exception with its message.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    public ChatUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and its cause.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public ChatUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>What the last attempt failed with; <see langword="null"/> where that is not known.</summary>
    public ChatFailure? Failure { get; init; }

    /// <summary>How often the request was sent; 0 where another request had found out that the service refuses everything.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Whether the last attempt ran into <see cref="ChatSettings.Timeout"/>.</summary>
    public bool TimedOut { get; init; }
}
