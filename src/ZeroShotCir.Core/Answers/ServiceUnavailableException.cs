using ZeroShotCir.Errors;

namespace ZeroShotCir.Answers;

/// <summary>The service behind a captioner, describer or verifier did not answer, whatever it was asked about.</summary>
public abstract class ServiceUnavailableException : ZeroShotCirException
{
    /// <summary>Creates the exception with its message.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    protected ServiceUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and its cause.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    protected ServiceUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>
    /// Whether it refuses everything until somebody changes something: the key, the credit, the name of the model. A run then ends at once.
    /// </summary>
    public bool IsFinal { get; init; }
}
