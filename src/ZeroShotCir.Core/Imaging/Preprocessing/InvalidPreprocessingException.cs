using ZeroShotCir.Errors;

namespace ZeroShotCir.Imaging.Preprocessing;

/// <summary>A preprocessing description that cannot be used: a missing or malformed file, a missing field, a value out of range, or a step that is not supported.</summary>
public sealed class InvalidPreprocessingException : ZeroShotCirException
{
    /// <summary>Creates the exception with its message.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    public InvalidPreprocessingException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and its cause.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public InvalidPreprocessingException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
