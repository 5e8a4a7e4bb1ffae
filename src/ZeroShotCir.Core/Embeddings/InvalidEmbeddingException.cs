using ZeroShotCir.Errors;

namespace ZeroShotCir.Embeddings;

/// <summary>An embedding that cannot be used: not finite, without direction where one is needed, or of the wrong dimension.</summary>
public sealed class InvalidEmbeddingException : ZeroShotCirException
{
    /// <summary>Creates the exception with its message.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    public InvalidEmbeddingException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and its cause.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public InvalidEmbeddingException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
