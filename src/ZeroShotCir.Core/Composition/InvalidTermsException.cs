using ZeroShotCir.Errors;

namespace ZeroShotCir.Composition;

/// <summary>The terms of a query are not those that its composition strategy reads.</summary>
public sealed class InvalidTermsException : ZeroShotCirException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was given, what is needed, and what to do.</param>
    public InvalidTermsException(string message)
        : base(message)
    {
    }
}
