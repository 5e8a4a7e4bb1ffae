using ZeroShotCir.Errors;

namespace ZeroShotCir.Answers;

/// <summary>A store of answers that cannot be used: malformed, or being written by somebody else.</summary>
public sealed class InvalidAnswerStoreException : ZeroShotCirException
{
    /// <summary>Creates the exception with its message.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    public InvalidAnswerStoreException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and its cause.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public InvalidAnswerStoreException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
