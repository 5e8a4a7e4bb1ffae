using ZeroShotCir.Errors;

namespace ZeroShotCir.Retrieval;

/// <summary>A composed query that cannot be searched for: it asks for nothing, says a thing twice, or needs what is not there.</summary>
public sealed class InvalidQueryException : ZeroShotCirException
{
    /// <summary>Creates the exception with its message.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    public InvalidQueryException(string message)
        : base(message)
    {
    }
}
