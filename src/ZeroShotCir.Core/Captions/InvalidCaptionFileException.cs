using ZeroShotCir.Errors;

namespace ZeroShotCir.Captions;

/// <summary>A file of captions that cannot be used: missing or malformed.</summary>
public sealed class InvalidCaptionFileException : ZeroShotCirException
{
    /// <summary>Creates the exception with its message.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    public InvalidCaptionFileException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and its cause.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public InvalidCaptionFileException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
