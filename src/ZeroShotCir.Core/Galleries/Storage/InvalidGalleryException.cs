using ZeroShotCir.Errors;

namespace ZeroShotCir.Galleries.Storage;

/// <summary>A gallery that cannot be used: a missing, damaged or foreign file, a newer format, or another model.</summary>
public sealed class InvalidGalleryException : ZeroShotCirException
{
    /// <summary>Creates the exception with its message.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    public InvalidGalleryException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and its cause.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public InvalidGalleryException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
