using ZeroShotCir.Errors;

namespace ZeroShotCir.Extensions.Hosting.Batching;

/// <summary>More callers want something encoded than may wait; a server answers that it is busy.</summary>
public sealed class EncodingQueueFullException : ZeroShotCirException
{
    /// <summary>Creates the exception with its message.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    public EncodingQueueFullException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and its cause.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public EncodingQueueFullException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
