using ZeroShotCir.Errors;

namespace ZeroShotCir.Onnx.Execution;

/// <summary>The native ONNX Runtime, or the execution provider that was asked for, is not part of the application.</summary>
public sealed class OnnxRuntimeUnavailableException : ZeroShotCirException
{
    /// <summary>Creates the exception with its message.</summary>
    /// <param name="message">What is missing and which package brings it.</param>
    public OnnxRuntimeUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and its cause.</summary>
    /// <param name="message">What is missing and which package brings it.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public OnnxRuntimeUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
