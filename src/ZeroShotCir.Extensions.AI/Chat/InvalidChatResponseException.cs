using ZeroShotCir.Errors;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>The model answered, however often it was asked, with something else than what was asked for: prose, other JSON, nothing, or far too much.</summary>
public sealed class InvalidChatResponseException : ZeroShotCirException
{
    /// <summary>Creates the exception with its message.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    public InvalidChatResponseException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and its cause.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public InvalidChatResponseException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
