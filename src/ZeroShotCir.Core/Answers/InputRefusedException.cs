using ZeroShotCir.Errors;

namespace ZeroShotCir.Answers;

/// <summary>A captioner, describer or verifier was asked and refuses this one input. It says nothing about others, so a run goes on.</summary>
public abstract class InputRefusedException : ZeroShotCirException
{
    /// <summary>Creates the exception with its message.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    protected InputRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and its cause.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    protected InputRefusedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
