namespace ZeroShotCir.Errors;

/// <summary>
/// The base of every error that bad input causes: images, embeddings, galleries, model folders, data sets.
/// Wrong arguments of a call are <see cref="ArgumentException"/>s instead.
/// </summary>
/// <remarks>Its message says what was given, what was expected, where, and what to do.</remarks>
public abstract class ZeroShotCirException : Exception
{
    /// <summary>Creates the exception with its message.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    protected ZeroShotCirException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and its cause.</summary>
    /// <param name="message">What was given, what was expected, where, and what to do.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    protected ZeroShotCirException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
