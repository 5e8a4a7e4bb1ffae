using ZeroShotCir.Errors;

namespace ZeroShotCir.Onnx.Errors;

/// <summary>A model folder or graph that cannot be used: missing, truncated, of an unsupported family, or with parts that do not fit each other.</summary>
public sealed class InvalidModelException : ZeroShotCirException
{
    /// <summary>Creates the exception with its message.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    public InvalidModelException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and its cause.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public InvalidModelException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
