using ZeroShotCir.Errors;

namespace ZeroShotCir.Tensors;

/// <summary>A safetensors file that cannot be used: missing, truncated, malformed, or without the expected tensor.</summary>
public sealed class InvalidTensorFileException : ZeroShotCirException
{
    /// <summary>Creates the exception with its message.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    public InvalidTensorFileException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and its cause.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public InvalidTensorFileException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
