using ZeroShotCir.Errors;

namespace ZeroShotCir.Onnx.Hub;

/// <summary>A model could not be downloaded, or not be found in the cache.</summary>
public sealed class ModelHubException : ZeroShotCirException
{
    /// <summary>Creates the exception with its message.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    public ModelHubException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and its cause.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public ModelHubException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Why.</summary>
    public ModelHubFailure Failure { get; init; }

    /// <summary>How long the hub asked to wait, or <see langword="null"/>.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
