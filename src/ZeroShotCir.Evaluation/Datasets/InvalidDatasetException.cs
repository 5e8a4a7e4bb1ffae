using ZeroShotCir.Errors;

namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>A data set that cannot be used: missing or malformed annotation files, names that do not match, missing images.</summary>
public sealed class InvalidDatasetException : ZeroShotCirException
{
    /// <summary>Creates the exception with its message.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    public InvalidDatasetException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and its cause.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public InvalidDatasetException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
